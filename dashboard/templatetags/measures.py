"""Numbers of usage for people: money, or a count."""

from django import template

from rbacadmin import money

register = template.Library()


@register.filter
def measured(value: int, measure: str) -> str:
    """Nano-dollars as `$20.00` where spend is measured (or nothing is said), else a count with separators."""
    return money.show(value) if measure in ("", "spend") else f"{value:,}"
