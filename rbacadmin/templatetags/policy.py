"""`{% can "manage_members" team as may_manage %}`, and money and numbers for people."""

from typing import Any

from django import template
from django.template import Context

from rbacadmin import money, policy

register = template.Library()


@register.simple_tag(takes_context=True)
def can(context: Context, action: str, obj: Any = None) -> bool:
    """Whether the person looking may do the action. An unknown action raises, also inside `{% if %}`."""
    return policy.can(context["actor"], policy.Action(action), obj)


@register.filter(name="money")
def as_money(nano: int | None) -> str:
    """Nano-dollars as `$20.00`; nothing for no limit."""
    return "" if nano is None else money.show(nano)


@register.filter
def limit(value: int | None) -> str:
    """A number with separators, or the words for none."""
    return "no limit" if value is None else f"{value:,}"
