"""What waits for something is tried again when that comes: as who declared it, with the rights of this moment."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from keys.models import Key
from manifests import documents, names
from manifests.conditions import waits
from manifests.errors import Waiting
from manifests.kinds import KINDS
from manifests.kinds.kind import CONFIG_ERROR
from manifests.models import Manifest
from manifests.writing import replace_manifest
from rbacadmin.errors import Refused
from rbacadmin.policy import Actor, Origin
from teams.models import User

DOOR = Origin(door="kubernetes")
REFUSED = "Refused"
MOST = 1000  # that are tried at once
REFERRED = {
    "project": "Project",
    "team": "Team",
    "user": "User",
    "organization": "Organization",
}  # models that manifests refer to -> kinds


def heal_waiting(model: str, _pk: str, row: Any) -> None:
    """A change is committed: try what waits for that row, if anything waits at all."""
    if model not in REFERRED or row.pk is None:
        return
    waiting = Manifest.objects.filter(reason=CONFIG_ERROR, spec__isnull=False)
    kind = KINDS[REFERRED[model]]
    if not waiting.exists() or not kind.queryset().filter(pk=row.pk).exists():
        return
    name = names.named(kind, [row])[row.pk].name
    about = Q(**{f"spec__{model}Ref__name": name}) | Q(**{f"spec__{model}ID": row.public_id})
    for manifest in waiting.filter(about).order_by("created_at", "pk")[:MOST]:
        healed(manifest)


def healed(manifest: Manifest) -> bool:
    """Try one manifest. What refuses it now is what its condition says."""
    kind, actor = KINDS[manifest.kind], actor_of(manifest)
    row = kind.queryset().filter(pk=manifest.object_id).first() if manifest.object_id else None
    try:
        with transaction.atomic():
            document = documents.read(kind, as_document(manifest), namespace=manifest.namespace, strict=False)
            return not replace_manifest(actor, manifest, row, document).manifest.reason
    except (Refused, ValidationError) as error:
        words = str(error) if isinstance(error, Refused) else "; ".join(error.messages)
        if (manifest.reason, manifest.message) != (REFUSED, words):
            waits(manifest, Waiting(REFUSED, words))
            Manifest.objects.filter(pk=manifest.pk).update(
                reason=manifest.reason, message=manifest.message, changed_at=timezone.now()
            )
        return False


def as_document(manifest: Manifest) -> dict[str, Any]:
    """A manifest as it was written."""
    metadata = {name: getattr(manifest, name) for name in ("name", "labels", "annotations", "finalizers")}
    return {"metadata": metadata, "spec": manifest.spec}


def actor_of(manifest: Manifest) -> Actor:
    """Who declared it, with the rights of this moment; nobody when they are gone."""
    kind, _, ident = manifest.creator.partition(":")
    if manifest.creator == "master":
        return Actor.master(DOOR)
    if kind == "key":
        key = Key.objects.select_related("user").filter(pk=UUID(ident)).first()
        return Actor.for_key(key, DOOR) if key is not None else Actor.nobody(DOOR)
    if kind == "user":
        user = User.objects.filter(pk=UUID(ident)).first()
        return Actor.for_user(user, DOOR) if user is not None else Actor.nobody(DOOR)
    return Actor.nobody(DOOR)
