"""`{% lucide "key-round" size=18 %}`, drawn once: a list shows the same few icons in each of its rows.

In place of lucide's own tag, which parses the picture anew each time: that is why lucide is no installed app.
"""

from functools import lru_cache
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide as draw

register = template.Library()


@register.simple_tag
def lucide(name: str, *, size: int | None = 24, **attributes: Any) -> SafeString:
    """The icon as an SVG element."""
    return drawn(str(name), size, tuple(attributes.items()))


@lru_cache(maxsize=512)
def drawn(name: str, size: int | None, attributes: tuple[tuple[str, Any], ...]) -> SafeString:
    return mark_safe(draw(name, size=size, **dict(attributes)))  # noqa: S308  (from an icon, not from people)
