"""What stands around every page and is the same on most of them, drawn once."""

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from dashboard.markup import markup
from dashboard.templatetags.lucide import drawn

register = template.Library()

HIDDEN = (("aria_hidden", "true"),)


@register.simple_tag
@cache
def head_links() -> SafeString:
    """Styles and scripts: the same on every page as long as the process runs."""
    return render_to_string("_head.html")


@register.simple_tag
def nav_links(nav: Iterable[Mapping[str, Any]]) -> SafeString:
    """The places of the sidebar, as far as they are offered to whoever asks."""
    drawn_links = (nav_link(one["url"], one["icon"], str(one["label"]), bool(one["current"])) for one in nav)
    return SafeString("\n".join(drawn_links))


# `typed`: text that is markup already equals text that is not, and one must not answer for the other.
@lru_cache(maxsize=256, typed=True)
def nav_link(url: str, icon: str, label: str, current: bool) -> SafeString:
    here = SafeString(' aria-current="page"') if current else ""
    picture = drawn(icon, 18, HIDDEN)
    return markup('<li><a class="nav-link" href="{}"{}>{}{}</a></li>', url, here, picture, label)
