"""What a row of any kind is called, and where its page is."""

from django import template
from django.db.models import Model

register = template.Library()


@register.filter
def detail_url(row: Model) -> str:
    """The name of the address of the row's own page."""
    return f"{row._meta.model_name}-detail"


@register.filter
def kind_name(row: Model) -> str:
    """`Organization`, `Team`, `Key`."""
    return str(row._meta.verbose_name).capitalize()
