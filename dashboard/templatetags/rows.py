"""What a row of any kind is called, and where its page is."""

from django import template
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

register = template.Library()

PARAMS = {
    "model": _("Model of the provider"),
    "api_base": _("Address"),
    "api_version": _("Version of the API"),
    "custom_llm_provider": _("Provider"),
}


@register.filter
def detail_url(row: Model) -> str:
    """The name of the address of the row's own page."""
    return f"{row._meta.model_name}-detail"


@register.filter
def param_name(name: str) -> str:
    """What the forms call a parameter of a model; an unknown one by its own name, without underscores."""
    return str(PARAMS.get(name) or name.replace("_", " ").capitalize())


@register.filter
def kind_name(row: Model) -> str:
    """`Organization`, `Team`, `Key`."""
    return str(row._meta.verbose_name).capitalize()
