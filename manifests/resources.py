"""Reading: rows as manifests, as far as somebody sees them. What still waits for its row is seen by who declared it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid5

from django.conf import settings
from django.db.models import Q, QuerySet

from manifests import names
from manifests.conditions import conditions_of
from manifests.documents import checked
from manifests.kinds import Kind
from manifests.kinds.kind import Seen, Values
from manifests.models import Manifest
from manifests.moments import stamp
from rbacadmin import policy
from rbacadmin.errors import NotFound
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action, Actor

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)  # of what was always there
DELETED = "manifest.deleted"  # on record, with the name that is free again


@dataclass(frozen=True)
class Resource:
    """A manifest and its row; no row while it waits for one.

    `version` is the number of its last change, where somebody needs that: 1, the first of all, matches nothing.
    """

    kind: Kind
    manifest: Manifest
    row: Any = None
    version: int = 1


def instances(kind: Kind, namespace: str | None) -> list[Resource]:
    """This server, under the name that the settings give it."""
    home, name = settings.INSTANCE
    manifest = Manifest(id=uuid5(NAMESPACE_DNS, f"{name}.{home}"), kind=kind.name, namespace=home, name=name)
    manifest.created_at = EPOCH
    return [Resource(kind, manifest)] if namespace in (None, home) else []


def waiting(actor: Actor, kind: Kind, namespace: str | None = None) -> QuerySet[Manifest]:
    """What has no row yet, as far as the actor sees it."""
    found = Manifest.objects.filter(kind=kind.name, object_id=None).order_by("created_at", "pk")
    return policy.visible(actor, kind.sees, found.filter(namespace=namespace) if namespace else found)


def listed(actor: Actor, kind: Kind, namespace: str | None = None) -> list[Resource]:
    """Everything of a kind that the actor sees. The same few queries however much that is."""
    if kind.fixed:
        return instances(kind, namespace)
    rows = list(inside(kind, kind.visible(actor), namespace).order_by("created_at", "pk"))
    manifests = names.named(kind, rows)
    found = [Resource(kind, manifests[row.pk], row) for row in rows]
    return found + [Resource(kind, manifest) for manifest in waiting(actor, kind, namespace)]


def page(
    actor: Actor, kind: Kind, namespace: str | None, *, after: tuple[datetime, UUID] | None, size: int
) -> tuple[list[Resource], tuple[datetime, UUID] | None]:
    """The next `size` resources in the order of their making, and after which of them the rest begins."""
    if kind.fixed:
        return instances(kind, namespace), None
    rows = inside(kind, kind.visible(actor), namespace).order_by("created_at", "pk")
    if after is not None:
        moment, pk = after
        rows = rows.filter(Q(created_at__gt=moment) | Q(created_at=moment, pk__gt=pk))
    found = list(rows[: size + 1])
    manifests = names.named(kind, found[:size])
    shown = [Resource(kind, manifests[row.pk], row) for row in found[:size]]
    if len(found) > size:
        return shown, (found[size - 1].created_at, found[size - 1].pk)
    return shown + [Resource(kind, manifest) for manifest in waiting(actor, kind, namespace)], None


def named(actor: Actor, kind: Kind, namespace: str | None, name: str) -> list[Resource]:
    """What is called so, in one namespace or in all."""
    if kind.fixed:
        return [one for one in instances(kind, namespace) if one.manifest.name == name]
    if namespace is None:
        names.find(kind, names.home(), name)  # rows that nobody has named yet are at home
        same = Manifest.objects.filter(kind=kind.name, name=name)
    else:
        known = names.find(kind, namespace, name)
        same = Manifest.objects.filter(pk=known.pk) if known else Manifest.objects.none()
    manifests = {one.object_id: one for one in same if one.object_id}
    rows = kind.visible(actor).filter(pk__in=list(manifests))
    found = [Resource(kind, manifests[row.pk], row) for row in rows]
    return found + [Resource(kind, one) for one in waiting(actor, kind, namespace).filter(name=name)]


def about(actor: Actor, kind: Kind, namespace: str | None, ids: set[str]) -> list[Resource]:
    """The resources whose row or manifest has one of these ids, or a row that their status tells of."""
    if kind.fixed:
        return []
    known = Manifest.objects.filter(kind=kind.name).filter(Q(pk__in=ids) | Q(object_id__in=ids))
    wanted = ids | {str(pk) for pk in known.values_list("object_id", flat=True) if pk}
    concerned = Q(pk__in=wanted)
    for column in kind.tells_of:
        concerned |= Q(**{f"{column}__in": ids})
    rows = list(inside(kind, kind.visible(actor).filter(concerned), namespace))
    manifests = names.named(kind, rows)
    found = [Resource(kind, manifests[row.pk], row) for row in rows]
    return found + [Resource(kind, one) for one in waiting(actor, kind, namespace).filter(pk__in=ids)]


def gone(actor: Actor, kind: Kind, namespace: str | None, ids: set[str]) -> list[Manifest]:
    """The manifests of rows that are not there any more, where the actor could have seen them."""
    if kind.fixed:
        return []
    left = Manifest.objects.filter(kind=kind.name, object_id__in=ids)
    left = left.exclude(object_id__in=kind.model._default_manager.filter(pk__in=ids).values("pk"))
    ended = AuditEvent.objects.filter(event=DELETED, object_id__in=ids, details__of=kind.name)
    said = [
        Manifest(pk=event.object_id, kind=kind.name, name=event.details["name"], namespace=event.details["namespace"])
        for event in policy.visible(actor, kind.sees, ended)
    ]
    found = [*policy.visible(actor, kind.sees, left), *said]
    return [one for one in found if namespace in (None, one.namespace)]


def inside(kind: Kind, rows: QuerySet[Any], namespace: str | None) -> QuerySet[Any]:
    """The rows whose manifests are in a namespace. Who has no name yet is at home."""
    if namespace is None:
        return rows
    known = Manifest.objects.filter(kind=kind.name, object_id__isnull=False)
    if namespace == names.home():
        return rows.exclude(pk__in=known.exclude(namespace=namespace).values("object_id"))
    return rows.filter(pk__in=known.filter(namespace=namespace).values("object_id"))


def find(actor: Actor, kind: Kind, namespace: str, name: str, action: Action | None = None) -> Resource:
    """The resource of this name, for this action (seeing it, unless another is named).

    Raises NotFound when the actor does not see it, PermissionDenied when they see it and may not do the action.
    """
    if kind.fixed and (same := named(actor, kind, namespace, name)):
        return same[0]
    manifest = None if kind.fixed else names.find(kind, namespace, name)
    if manifest is None:
        raise NotFound(kind.name, name)
    if manifest.object_id is None:
        if not waiting(actor, kind).filter(pk=manifest.pk).exists():
            raise NotFound(kind.name, name)
        return Resource(kind, manifest)
    try:
        return Resource(kind, manifest, policy.find(actor, action or kind.sees, kind.queryset(), manifest.object_id))
    except NotFound as error:
        raise NotFound(kind.name, name, action=error.action, obj=error.obj) from error


def left_over(actor: Actor, kind: Kind, namespace: str, name: str) -> Resource | None:
    """A name whose row went along with something else that was deleted, for whoever may delete what it declared."""
    manifest = Manifest.objects.filter(kind=kind.name, namespace=namespace, name=name).first()
    if manifest is None or is_there(kind, manifest) or not policy.can(actor, kind.deletes, manifest):
        return None
    return Resource(kind, manifest)


def is_there(kind: Kind, manifest: Manifest) -> bool:
    """Whether the name is somebody's: of a row that is there, or of what waits for one."""
    return manifest.object_id is None or kind.queryset().filter(pk=manifest.object_id).exists()


def shown(actor: Actor, kind: Kind, found: Sequence[Resource]) -> list[dict[str, Any]]:
    """The documents. A constant number of queries."""
    seen = kind.seen(actor, [one.row for one in found if one.row is not None])
    return [document(one, seen.get(one.manifest.object_id), told=kind.tells(actor, one.manifest)) for one in found]


def document(one: Resource, seen: Seen | None, *, told: bool) -> dict[str, Any]:
    """A resource as Kubernetes has it; what was declared about its row only to who is `told` that."""
    manifest, row = one.manifest, one.row
    metadata = {
        "name": manifest.name,
        "namespace": manifest.namespace,
        "uid": str(manifest.pk),
        "resourceVersion": str(one.version),
        "generation": manifest.generation,
        "creationTimestamp": stamp(row.created_at if row is not None else manifest.created_at),
        "labels": (manifest.labels if told else None) or None,
        "annotations": (annotations_of(one, seen) if told else None) or None,
        "finalizers": manifest.finalizers or None,
    }
    if manifest.deleted_at is not None:
        metadata |= {"deletionTimestamp": stamp(manifest.deleted_at), "deletionGracePeriodSeconds": 0}
    status = {**(manifest.status if told else {}), **(seen.status if seen else one.kind.status_waiting())}
    status |= {"conditions": conditions_of(manifest), "observedGeneration": manifest.generation}
    return {
        "apiVersion": one.kind.api_version,
        "kind": one.kind.name,
        "metadata": {name: value for name, value in metadata.items() if value is not None},
        "spec": spec_of(one, seen) if told else seen.spec if seen else {},
        "status": status,
    }


def annotations_of(one: Resource, seen: Seen | None) -> dict[str, str]:
    """The annotations; what kubectl has noted down of the spec, only where all of it may be read."""
    annotations = one.manifest.annotations
    if seen is None or LAST_APPLIED not in annotations:
        return annotations
    try:
        noted = set(json.loads(annotations[LAST_APPLIED])["spec"])
    except (ValueError, TypeError, KeyError, RecursionError):
        noted = set(one.kind.fields)  # whatever it says: for whoever may read everything
    if noted <= {*words_for(one.kind, seen), one.kind.id_field}:
        return annotations
    return {name: text for name, text in annotations.items() if name != LAST_APPLIED}


def words_for(kind: Kind, seen: Seen) -> set[str]:
    """The fields of a written spec that somebody may read."""
    refs = {field for fields in kind.ref_fields.values() for field in fields}
    return refs | kind.kept | seen.fields


def spec_of(one: Resource, seen: Seen | None) -> Values:
    """What is, in the words in which it was declared: where both say the same, they stay."""
    kind, manifest, written = one.kind, one.manifest, one.manifest.spec
    if seen is None:
        return dict(written or {})
    if written is None:
        return seen.spec
    current = dict(seen.spec)
    refs = {field for fields in kind.ref_fields.values() for field in fields}
    known = words_for(kind, seen)
    if manifest.reason:  # what was declared is not so yet, and shall be
        return {field: value for field, value in written.items() if field in known}
    for ref, fields in kind.ref_fields.items():
        if any(field in written for field in fields) and manifest.refs.get(ref) == text(kind.targets(one.row)[ref]):
            for field in fields:
                current.pop(field, None)
            current |= {field: written[field] for field in fields if field in written}
    spec, mistakes, _ = checked(kind, written)
    if mistakes:
        return current
    canonical = spec.model_dump(exclude_unset=True, exclude_none=True)
    found: Values = {}
    for field, value in written.items():
        if field in refs or field not in known:
            continue
        if field in kind.kept or says_the_same(kind, field, canonical.get(field), current.get(field)):
            found[field] = value
    return {**current, **found}


def says_the_same(kind: Kind, field: str, written: Any, current: Any) -> bool:
    if current is None:
        return written in (None, "", [], {}, False)
    return bool(kind.canonical(field, written) == kind.canonical(field, current))


def text(pk: Any) -> str | None:
    return None if pk is None else str(pk)


def namespaces_of(actor: Actor, kind: Kind) -> set[str]:
    """The namespaces in which the actor sees something of a kind, besides the one where all rows are at home."""
    if kind.fixed:
        return set()
    away = Manifest.objects.filter(kind=kind.name).exclude(namespace=names.home())
    rows = away.filter(object_id__in=kind.visible(actor).values("pk"))
    mine = waiting(actor, kind).exclude(namespace=names.home()).order_by()
    return {*rows.values_list("namespace", flat=True), *mine.values_list("namespace", flat=True)}
