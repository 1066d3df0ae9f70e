"""`{% can "manage_members" team as may_manage %}`, and money and numbers for people."""

import re
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.utils.html import escape
from django.utils.safestring import mark_safe

from rbacadmin import limits, money, policy
from rbacadmin.periods import MONTH_DAYS
from teams.models import role_name

register = template.Library()

PERIODS = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month"}
# The more special first: Edge says Chrome too, and Chrome says Safari; Android says Linux, and an iPhone Mac OS.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


@register.simple_tag(takes_context=True)
def can(context: Context, action: str, obj: Any = None) -> bool:
    """Whether the person looking may do the action. An unknown action raises, also inside `{% if %}`."""
    return policy.can(context["actor"], policy.Action(action), obj)


@register.filter(name="money")
def as_money(nano: int | None) -> str:
    """Nano-dollars as `$20.00`; nothing for no limit."""
    return "" if nano is None else money.show(nano)


@register.filter
def period(duration: str) -> str:
    """`7d` as `7 days`, `1mo` and `30d` as `month`: what stands after "per"."""
    found = limits.DURATION.fullmatch(limits.WORDS.get(duration, duration))
    if not found:
        return duration
    count, word = int(found[1]), PERIODS[found[2]]
    if found[2] == "d" and count == MONTH_DAYS:  # it starts anew with the calendar's month
        return PERIODS["mo"]
    return word if count == 1 else f"{count} {word}s"


@register.filter
def without_placeholder(field: BoundField) -> BoundField:
    """The field without a placeholder that only says the label again."""
    field.field.widget.attrs.pop("placeholder", None)
    return field


register.filter("role_name", role_name)


@register.filter
def breakable(text: str) -> str:
    """An address that breaks after its @ and the dots of its domain rather than inside a word or a name."""
    return mark_safe(re.sub(r"(@|\.(?![^\s,@]*@))", r"\1<wbr>", escape(text)))  # noqa: S308  (escaped first)


@register.filter
def with_code(text: str) -> str:
    """A text whose `names` between backticks are shown as code."""
    return mark_safe(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)))  # noqa: S308  (escaped first)


@register.filter
def browser_name(user_agent: str) -> str:
    """A browser and its system in two words, as far as they can be told."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "Another browser")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


@register.filter
def limit(value: int | None) -> str:
    """A number with separators, or the words for none."""
    return "no limit" if value is None else f"{value:,}"
