"""Pruning: what was applied with a set and does not stand in its files any more. Nothing else is ever touched."""

from django.core.exceptions import ValidationError
from django.db import transaction

from manifests import resources
from manifests.errors import Mistake
from manifests.kinds import KINDS, Kind
from manifests.models import Manifest
from manifests.plan import REMOVED, WAITS, Step
from manifests.references import Key
from manifests.state import show
from manifests.writing import delete_manifest
from rbacadmin import policy
from rbacadmin.errors import NotFound, Refused
from rbacadmin.policy import Actor
from teams.models import Membership

PLACE = "--prune"


def remove(actor: Actor, owner: str, kept: set[Key], mistakes: list[Mistake], refusals: list[Refused]) -> list[Step]:
    """Delete what the set owns and does not name, what refers before what is referred to. Mistakes are added.

    What the actor does not see stays: it is not theirs to remove.
    """
    steps: list[Step] = []
    for kind in reversed([kind for kind in KINDS.values() if not kind.read_only]):
        owned = Manifest.objects.filter(kind=kind.name, applied_by=owner, spec__isnull=False, deleted_at=None)
        for manifest in owned.order_by("created_at", "pk"):
            if (kind.name, manifest.namespace, manifest.name) in kept:
                continue
            try:
                with transaction.atomic():
                    steps += removed(actor, kind, manifest)
            except (ValidationError, Refused) as error:
                words = "; ".join(error.messages) if isinstance(error, ValidationError) else str(error)
                status = error.status if isinstance(error, Refused) else 400
                mistakes.append(Mistake(PLACE, 0, f"{kind.name} {manifest.name}: {words}", status))
                refusals += [error] if isinstance(error, Refused) else []
    return steps


def removed(actor: Actor, kind: Kind, manifest: Manifest) -> list[Step]:
    """Delete one. Nothing to tell where the actor does not see it."""
    if not resources.is_there(kind, manifest):  # it went with something that was removed before
        if policy.can(actor, kind.deletes, manifest):
            delete_manifest(actor, manifest, None)
        return []
    try:
        found = resources.find(actor, kind, manifest.namespace, manifest.name)
    except NotFound:
        return []
    step = Step(kind, manifest.namespace, manifest.name, REMOVED, manifest=found.manifest, row=found.row)
    show(actor, [step], "before")
    if hasattr(found.row, "group_id"):
        inside = Membership.objects.filter(group_id=found.row.group_id)
        step.people = set(inside.values_list("user_id", flat=True))
    left = delete_manifest(actor, found.manifest, found.row)
    if left is not None:
        step.outcome, step.reason = WAITS, "Its removal waits for its finalizers."
    return [step]
