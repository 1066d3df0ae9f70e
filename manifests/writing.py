"""Writing: every verb ends in the service of its kind, in one transaction with what is written beside the row."""

from typing import Any

from django.utils import timezone

from manifests import names, resources
from manifests.conditions import is_ready, waits
from manifests.documents import Document
from manifests.errors import Cause, Invalid, Waiting
from manifests.kinds import KINDS, Kind
from manifests.kinds.kind import CONFIG_ERROR, Declared, Seen, Values
from manifests.models import Manifest
from manifests.resources import Resource, text
from manifests.versions import newest
from rbacadmin import audit, policy
from rbacadmin.errors import Conflict
from rbacadmin.policy import Actor
from rbacadmin.service import service


@service
def create_manifest(
    actor: Actor, document: Document, *, applied_by: str = "", managers: Values | None = None, free: bool = False
) -> Resource:
    """Make what the manifest declares; what refers to something that is not there is kept, and waits for it.

    `free` says that the name was looked for already, and is nobody's. Raises PermissionDenied, Conflict ("exists"),
    Invalid, Duplicate, ValidationError.
    """
    kind = document.kind
    # a row that nobody has named yet has no name that could be taken
    same = Manifest.objects.filter(kind=kind.name, namespace=document.namespace, name=document.name)
    known = None if free else same.first()
    if known is not None:
        if resources.is_there(kind, known):
            raise Conflict(f'{kind.plural}.{kind.group} "{document.name}" already exists', code="exists")
        known.delete()
    manifest = Manifest(
        kind=kind.name,
        namespace=document.namespace,
        name=document.name,
        creator=actor.principal,
        creator_user_id=actor.user_id,
        applied_by=applied_by,
        managers=managers or {},
    )
    try:
        declared = document.declared(kind.resolve(actor, document.spec, document.namespace))
    except Waiting as waiting:
        policy.require_somewhere(actor, kind.creates)
        waits(manifest, waiting)
        write(actor, manifest, document, {}, "manifest.created")
        return Resource(kind, manifest)
    return make(actor, manifest, document, declared)


def make(actor: Actor, manifest: Manifest, document: Document, declared: Declared) -> Resource:
    """Make the row of a manifest, or take the one that is there and is the same thing."""
    kind = document.kind
    row = kind.found(actor, declared)
    if row is None:
        row = kind.create(actor, declared)
        manifest.status = {**manifest.status, **declared.status}
        event = "manifest.created"
    else:
        policy.require(actor, kind.changes, row)  # whoever only sees it declares nothing about it
        said = {field: value for field, value in changes_of(actor, kind, row, document).items() if value is not None}
        row = kind.update(actor, row, said, declared)  # what others said of it before stays
        event = "manifest.adopted"
    if document.finalizers:  # they hold up what others want to delete
        policy.require(actor, kind.changes, row)
    former = None
    if event == "manifest.adopted" or kind.finds_known:
        former = Manifest.objects.filter(kind=kind.name, object_id=row.pk).exclude(pk=manifest.pk).first()
    if former is not None and former.spec is not None:
        told = f" as {former.as_ref()}" if event == "manifest.adopted" else ""  # another tenant's names are its own
        raise Invalid([Cause("metadata.name", f"It is declared{told} already", "FieldValueDuplicate")])
    if former is not None:
        former.delete()
    if manifest._state.adding:
        manifest.pk = row.pk
    manifest.object_id = row.pk
    for column, pk in names.places(row).items():
        setattr(manifest, column, pk)
    is_ready(manifest)
    write(actor, manifest, document, refs_of(declared), event)
    return Resource(kind, manifest, row)


@service
def replace_manifest(
    actor: Actor,
    manifest: Manifest,
    row: Any,
    document: Document,
    *,
    applied_by: str = "",
    version: int | None = None,
    managers: Values | None = None,
) -> Resource:
    """Make a resource what the manifest says. What the actor sees of it and the manifest leaves out, is cleared.

    `version` is the one that it was made from; `managers` are what field managers have applied since. Raises
    PermissionDenied, Invalid, Duplicate, ValidationError, and Conflict ("stale") when it has changed meanwhile.
    """
    kind, applied = document.kind, applied_by or manifest.applied_by
    require_version(kind, manifest, row, version)
    manifest.managers = manifest.managers if managers is None else managers
    try:
        declared = document.declared(kind.resolve(actor, document.spec, document.namespace))
    except Waiting as waiting:
        policy.require(actor, kind.changes, row if row is not None else manifest)
        waits(manifest, waiting)
        manifest.applied_by = applied
        write(actor, manifest, document, manifest.refs, "manifest.updated")
        return finished(actor, Resource(kind, manifest, row))
    manifest.applied_by = applied
    if row is None:
        policy.require(actor, kind.changes, manifest)
        return finished(actor, make(actor, manifest, document, declared))
    changes = changes_of(actor, kind, row, document)
    moves = bool(kind.ref_fields) and kind.targets(row) != {
        ref: getattr(declared.refs.get(ref), "pk", None) for ref in kind.ref_fields
    }
    if is_said_differently(manifest, document):  # also where the change turns out to be none
        policy.require(actor, kind.changes, row)
    if changes or moves:
        row = kind.update(actor, row, changes, declared)
    manifest.object_id = row.pk
    is_ready(manifest)
    write(actor, manifest, document, refs_of(declared), "manifest.updated")
    return finished(actor, Resource(kind, manifest, kind.queryset().get(pk=row.pk)))


def require_version(kind: Kind, manifest: Manifest, row: Any, version: int | None) -> None:
    """Raise Conflict unless the resource is as it was when it was read."""
    if version is not None and newest([Resource(kind, manifest, row)])[manifest.pk] != version:
        raise Conflict(STALE, code="stale")


@service
def delete_manifest(actor: Actor, manifest: Manifest, row: Any, *, version: int | None = None) -> Resource | None:
    """Delete what a manifest declares. While it has finalizers it stays, marked: whoever set them has to agree.

    Where the row went along with something else, there is nothing left to agree on. Raises PermissionDenied, and
    Conflict ("stale", or a guard of the kind's own service).
    """
    kind = KINDS[manifest.kind]
    require_version(kind, manifest, row, version)
    policy.require(actor, kind.deletes, row if row is not None else manifest)
    if not manifest.finalizers or not resources.is_there(kind, manifest):
        end(actor, kind, manifest, row)
        return None
    if manifest.deleted_at is None:
        manifest.deleted_at = timezone.now()
        manifest.save()
        audit.record(actor, "manifest.deletion_began", manifest, finalizers=manifest.finalizers)
    return Resource(kind, manifest, row)


@service
def write_status(actor: Actor, manifest: Manifest, row: Any, status: Values) -> Resource:
    """Keep what an operator has to say of a resource. What the server says of it itself stays as it is."""
    kind = KINDS[manifest.kind]
    policy.require(actor, kind.changes, row if row is not None else manifest)
    own = kind.status.model_fields
    kept = {name: value for name, value in manifest.status.items() if name in own}
    kept |= {name: value for name, value in status.items() if name not in own and value is not None}
    if kept != manifest.status:
        manifest.status = kept
        manifest.save()
        audit.record(actor, "manifest.status_updated", manifest, names=sorted(kept))
    return Resource(kind, manifest, row)


def finished(actor: Actor, one: Resource) -> Resource:
    """The resource; or its end, when its deletion only waited for finalizers that are gone now."""
    if one.manifest.deleted_at is None or one.manifest.finalizers:
        return one
    pk = one.manifest.pk
    end(actor, one.kind, one.manifest, one.row)
    one.manifest.pk = pk  # deleting has taken it; who is answered wants to know which one it was
    return Resource(one.kind, one.manifest)


def end(actor: Actor, kind: Kind, manifest: Manifest, row: Any) -> None:
    """Delete the row, and the manifest. What declares something about the row stays declared, and waits."""
    if row is not None:
        detach(kind, row)
        kind.delete(actor, row)
    audit.record(actor, resources.DELETED, manifest, of=manifest.kind, namespace=manifest.namespace, name=manifest.name)
    manifest.delete()


def detach(kind: Kind, row: Any) -> None:
    """What was declared about a row that goes has no row then either, and waits for both to come back."""
    for other in KINDS.values():
        if other.outlives and kind.singular in other.ref_fields:
            (field,) = other.ref_fields[kind.singular]
            about = Manifest.objects.filter(kind=other.name, spec__isnull=False)
            about.filter(**{f"refs__{kind.singular}": str(row.pk)}).update(
                object_id=None,
                changed_at=timezone.now(),
                reason=CONFIG_ERROR,
                message=f"{field}: the {kind.name} '{row}' was deleted.",
            )


def changes_of(actor: Actor, kind: Kind, row: Any, document: Document, seen: Seen | None = None) -> Values:
    """The fields in which the manifest says something else than what is; None clears one that it leaves out.

    `seen` is what the actor sees of the row, where that was read already.
    """
    seen = kind.seen(actor, [row])[row.pk] if seen is None else seen
    current = seen.spec
    refs = {field for fields in kind.ref_fields.values() for field in fields}
    changes: Values = {}
    for field, value in document.given.items():
        if field in refs or (field in kind.kept and field != kind.id_field):
            continue
        is_now = row.public_id if field == kind.id_field else current.get(field)
        if not resources.says_the_same(kind, field, value, is_now):
            changes[field] = value
    gone = (current.keys() & seen.fields) - refs - kind.kept - kind.lasting - document.given.keys()
    return changes | dict.fromkeys(gone)


def is_said_differently(manifest: Manifest, document: Document) -> bool:
    """Whether anything that stands beside the row differs."""
    return (manifest.labels, manifest.annotations, sorted(manifest.finalizers), manifest.spec) != (
        document.labels,
        document.annotations,
        sorted(document.finalizers),
        document.written,
    )


def write(actor: Actor, manifest: Manifest, document: Document, refs: dict[str, Any], event: str) -> None:
    """Keep what was written, and that it was; nothing when it is the same as before.

    What waits is made with the rights of whoever wrote it last: nobody's words get the rights of who came before.
    """
    before = None if manifest._state.adding else Manifest.objects.filter(pk=manifest.pk).values(*KEPT).first()
    if manifest.spec is not None and manifest.spec != document.written:
        manifest.generation += 1
    if manifest.spec != document.written:
        manifest.creator = actor.principal
    manifest.spec, manifest.refs = document.written, refs
    manifest.labels, manifest.annotations = document.labels, document.annotations
    manifest.finalizers = document.finalizers
    after = {name: getattr(manifest, name) for name in KEPT}
    if before == after:
        return
    manifest.save()
    changed = sorted(name for name in KEPT if before is None or before[name] != after[name])
    audit.record(actor, event, manifest, name=manifest.name, namespace=manifest.namespace, parts=changed)


STALE = "the object has been modified; please apply your changes to the latest version and try again"
KEPT = (
    "managers",
    "labels",
    "annotations",
    "finalizers",
    "spec",
    "refs",
    "reason",
    "message",
    "object_id",
    "applied_by",
    "creator",
)


def refs_of(declared: Declared) -> dict[str, Any]:
    return {ref: text(getattr(row, "pk", None)) for ref, row in declared.refs.items()}
