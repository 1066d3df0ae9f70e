"""Why fields are closed, said once where several beside each other are closed for the same reason."""

from collections import Counter
from collections.abc import Iterable

from django import template
from django.forms import BoundField

from dashboard.row_forms import Closed

register = template.Library()


def closed(field: BoundField) -> Closed | None:
    return getattr(field.form, "closed", {}).get(field.name)


@register.filter
def told_together(fields: Iterable[BoundField]) -> dict[str, str]:
    """The reasons that at least two of these fields share, each with how it is said of all of them."""
    found = [one for one in map(closed, fields) if one]
    often = Counter(one.why for one in found)
    return {one.why: one.why_all for one in found if often[one.why] > 1}


@register.filter
def told_above(field: BoundField, together: dict[str, str]) -> Closed | None:
    """What is closed about the field, if the reason stands above it already."""
    one = closed(field)
    return one if one and one.why in together else None
