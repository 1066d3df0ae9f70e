"""Broken rules, next to the field that broke them."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.forms import BaseForm


def put_errors(form: BaseForm, error: ValidationError, *, rename: Mapping[str, str] | None = None) -> None:
    """Add a service's ValidationError to the form; what names no field of it goes above the fields."""
    names = rename or {}
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, messages in found.items():
        field = names.get(name, name)
        for message in messages:
            form.add_error(field if field in form.fields else None, message)
