"""Links to pages that ask something: a dialog where there is JavaScript, a page of its own where there is none."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from dashboard.markup import markup

register = template.Library()


@register.simple_tag
def asks(name: str, *args: Any) -> SafeString:
    """The attributes of the link: `<a class="button" {% asks "key-delete" key.pk %}>`, named as addresses are."""
    return markup(
        'href="{0}" hx-get="{0}" hx-target="#dialog" hx-select="#confirm" hx-swap="innerHTML"', reverse(name, args=args)
    )
