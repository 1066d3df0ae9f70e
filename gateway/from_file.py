"""The platform's models that stand in the configuration file: made, changed and removed at each start, on record.

They are read-only everywhere else. Two processes that start together agree: one change of the catalog at a time.
"""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError

from gateway import credentials
from gateway.catalog import check, require_free_name, serialize
from gateway.deployments import stored
from gateway.models import PLATFORMS, CatalogModel
from gateway.params import check_addresses, split
from rbacadmin import audit, policy
from rbacadmin.conf import file_place
from rbacadmin.config_file.shapes import ModelEntry
from rbacadmin.policy import Action, Actor, Origin
from rbacadmin.service import service

NAMESPACE = uuid.UUID("6f1d7c0e-5d0b-4a3e-9a52-3d1f0c7f5b11")  # of the ids that names become
COLUMNS = ("params", "info", "input_price", "output_price", "tpm_limit", "rpm_limit")


class Done(NamedTuple):
    """How many models a start made, changed and removed."""

    made: int
    changed: int
    removed: int


def configuration() -> Actor:
    """The configuration at work, with the right to manage models and no other."""
    rights = frozenset({Action.MANAGE_MODELS, Action.VIEW_MODELS})
    return replace(Actor.master(Origin("start")), principal="config", label="configuration file", actions_cap=rights)


@service
def synchronise_models(actor: Actor, *, entries: Iterable[ModelEntry]) -> Done:
    """Make the file's models what the file says. Raises PermissionDenied; ValidationError naming file and line."""
    policy.require(actor, Action.MANAGE_MODELS)
    serialize()
    known = {row.name: row for row in CatalogModel.objects.filter(PLATFORMS)}
    wanted = list(entries)
    counts = {"made": 0, "changed": 0}
    for place, entry in enumerate(wanted):
        try:
            if word := put(actor, known.get(entry.model_name), entry):
                counts[word] += 1
        except ValidationError as error:
            raise ValidationError(f"{where(place)}: {entry.model_name}: {' '.join(error.messages)}") from None
    gone = [row for name, row in known.items() if row.source == "file" and name not in {e.model_name for e in wanted}]
    for row in gone:
        snapshot = {name: getattr(row, name) for name in (*COLUMNS, "created_at", "created_by")}
        audit.archive(actor, row, name=row.name, snapshot=snapshot)
        audit.record(actor, "model.deleted", row, name=row.name, because="left the configuration file")
        row.delete()
    return Done(counts["made"], counts["changed"], len(gone))


def put(actor: Actor, row: CatalogModel | None, entry: ModelEntry) -> str:
    """Make or change one model; `made`, `changed` or nothing."""
    if row is not None and row.source == "db":
        raise ValidationError("There is a model of this name in the database already: rename one, or delete that one.")
    made = row is None
    if row is None:
        pk = uuid.uuid5(NAMESPACE, entry.model_name)
        row = CatalogModel(pk=pk, name=entry.model_name, source="file", created_by=actor.label)
        require_free_name(row, entry.model_name)
    before = {name: getattr(row, name) for name in COLUMNS}
    plain, secret = columns_of(entry, row)
    resealed = secret != (credentials.unseal(row.credential, row.pk) if row.credential else {})
    if resealed or (row.credential and not credentials.is_current(row.credential)):
        row.credential = credentials.seal(secret, row.pk) if secret else None
    for name, value in plain.items():
        setattr(row, name, value)
    changed = {name: [old, getattr(row, name)] for name, old in before.items() if getattr(row, name) != old}
    if not (made or changed or resealed):
        return ""
    check(row)
    row.updated_by = actor.label
    row.save()
    if made:
        audit.record(actor, "model.created", row, name=row.name, params=row.params)
        return "made"
    audit.record(actor, "model.updated", row, changed=changed, credential_replaced=resealed)
    return "changed"


def columns_of(entry: ModelEntry, row: CatalogModel) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns that an entry sets, and its credential. Raises ValidationError."""
    empty = {"input_price": 0, "output_price": 0, "tpm_limit": None, "rpm_limit": None}
    found = {**empty, **stored(entry.litellm_params, entry.model_info)}
    given = {name: value for name, value in found.pop("params").items() if value is not None}
    plain, secret = split(given)
    check_addresses(plain)
    if public_id := entry.model_info.get("id"):
        found["public_id"] = str(public_id)[:255]
    return {**found, "params": plain}, secret


def where(place: int) -> str:
    """`file:line` of an entry, or the variable that holds the list."""
    return file_place("model_list", place)


def at_start() -> Done:
    """What a start does. A mistake stops it."""
    try:
        return synchronise_models(configuration(), entries=settings.MODEL_LIST)
    except ValidationError as error:
        raise SystemExit(f"The configuration cannot be used:\n{' '.join(error.messages)}") from None
