"""Broken rules, next to the field that broke them."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.forms import BaseForm

T = TypeVar("T")


def put_errors(form: BaseForm, error: ValidationError, *, rename: Mapping[str, str] | None = None) -> None:
    """Add a service's ValidationError to the form; what names no field of it goes above the fields."""
    names = rename or {}
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, messages in found.items():
        field = names.get(name, name)
        for message in messages:
            form.add_error(field if field in form.fields else None, message)


def tried(form: BaseForm, do: Callable[[], T], *, rename: Mapping[str, str] | None = None) -> T | None:
    """What `do` returned; None when it broke a rule, which the form says then."""
    try:
        return do()
    except ValidationError as error:
        put_errors(form, error, rename=rename)
    return None
