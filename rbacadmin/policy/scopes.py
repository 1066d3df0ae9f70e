"""The kinds of scope, found by their mark, so that policy needs no app by name."""

from functools import cache

from django.apps import apps
from django.db.models import Model


@cache
def scope_models() -> dict[str, type[Model]]:
    """Scope kind -> model, parents before children: the order in which rows are locked."""
    found = {model._meta.model_name or "": model for model in apps.get_models() if getattr(model, "is_scope", False)}
    return {kind: found[kind] for kind in ("organization", "team", "project")}
