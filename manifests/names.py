"""Names of rows: a DNS label of their alias, and six characters of the id more where that is taken.

Written when somebody first lists or names the rows, and kept: a name must not change because somebody else's row came.
"""

import functools
import operator
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from manifests.models import Manifest
from rbacadmin.policy.subjects import all_scopes, is_person

if TYPE_CHECKING:
    from manifests.kinds.kind import Kind

LONGEST, SUFFIX = 63, 6
AT_ONCE = 500


def dns_label(text: str) -> str:
    """The text as a DNS label; empty when nothing of it can stand in one."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[: LONGEST - SUFFIX - 1].strip("-")


def home() -> str:
    """The namespace of everything that nobody declared elsewhere."""
    return str(settings.INSTANCE[0])


def named(kind: "Kind", rows: Sequence[Any]) -> dict[UUID, Manifest]:
    """The manifests of these rows by the rows' ids. Rows without a name get one."""
    ids = [row.pk for row in rows]
    found = by_object(kind, ids)
    missing = [row for row in rows if row.pk not in found]
    if missing:
        give_names(kind, missing)
        found |= by_object(kind, [row.pk for row in missing])
    return found


def by_object(kind: "Kind", ids: Sequence[UUID]) -> dict[UUID, Manifest]:
    return {one.object_id: one for one in Manifest.objects.filter(kind=kind.name, object_id__in=ids) if one.object_id}


def find(kind: "Kind", namespace: str, name: str) -> Manifest | None:
    """The manifest of this name, also of a row that nobody has named yet."""
    same = Manifest.objects.filter(kind=kind.name, namespace=namespace, name=name)
    manifest = same.first()
    if manifest is None and namespace == home() and name_those_called(kind, name):
        manifest = same.first()
    return manifest


def name_those_called(kind: "Kind", name: str) -> int:
    """Name the rows without a name that this could be the name of; how many that were.

    They get the names that `name_all` would give them: whoever competes for a name is among them. So a look at one
    name, which mostly is nobody's, writes nothing.
    """
    return give_missing(kind, unnamed(kind).filter(could_be_called(kind, name)))


def name_all(kind: "Kind") -> int:
    """Name every row of the kind that has no name yet; how many that were."""
    return give_missing(kind, unnamed(kind))


def unnamed(kind: "Kind") -> QuerySet[Any]:
    known = Manifest.objects.filter(kind=kind.name, object_id__isnull=False).values("object_id")
    return kind.queryset().exclude(pk__in=known)


def give_missing(kind: "Kind", rows: QuerySet[Any]) -> int:
    missing = list(rows.order_by("created_at", "pk"))
    if missing:
        give_names(kind, missing)
    return len(missing)


def could_be_called(kind: "Kind", name: str) -> Q:
    """Wider than it has to be: rows with every word of the name in their alias, or the end of it in their id.

    What `dns_label` makes of letters beyond ASCII, a database cannot say: rows with such are all among them.
    """
    found = spelled(kind, name) | kind.any_column("regex", r"[^ -~]")
    stem, _, tail = name.rpartition("-")
    if re.fullmatch(f"[0-9a-f]{{{SUFFIX}}}|[0-9a-f]{{{2 * SUFFIX}}}|[0-9a-f]{{32}}", tail):
        of_this_id = Q(pk__range=(UUID(tail.ljust(32, "0")), UUID(tail.ljust(32, "f"))))
        if unnamed(kind).filter(of_this_id).exists():
            found |= of_this_id | spelled(kind, stem)  # it is called so only because of who has the name without it
    return found


def spelled(kind: "Kind", name: str) -> Q:
    """Rows with every word of the name in their alias; of a name without words, none."""
    words = re.findall(r"[^-]+", name)
    return functools.reduce(operator.and_, map(kind.spelled_with, words)) if words else Q(pk__in=[])


def give_names(kind: "Kind", rows: Sequence[Any]) -> None:
    """Write names for rows that have none. Whoever is slower than somebody else in the same moment changes nothing."""
    wanted = {row.pk: dns_label(kind.alias_of(row)) or row.pk.hex[: 2 * SUFFIX] for row in rows}
    taken = taken_names(kind, wanted.values())
    made = []
    for row in rows:
        name = wanted[row.pk]
        if name in taken:
            name = f"{name}-{row.pk.hex[:SUFFIX]}"
        if name in taken:
            name = row.pk.hex
        taken.add(name)
        # the row's id is the uid, unless another manifest has it: of a row that was declared, and made for it later
        made.append(Manifest(id=row.pk, kind=kind.name, namespace=home(), name=name, object_id=row.pk, **places(row)))
    Manifest.objects.bulk_create(made, batch_size=AT_ONCE, ignore_conflicts=True)


def taken_names(kind: "Kind", wanted: Iterable[str]) -> set[str]:
    """Those of the names that are somebody's. Names of rows that are gone become free."""
    same = Manifest.objects.filter(kind=kind.name, namespace=home(), name__in=set(wanted))
    holders = {one.name: one for one in same}
    ids = [one.object_id for one in holders.values() if one.object_id]
    alive = set(kind.model._default_manager.filter(pk__in=ids).values_list("pk", flat=True))
    gone = [one for one in holders.values() if one.object_id and one.object_id not in alive]
    if gone:
        Manifest.objects.filter(pk__in=[one.pk for one in gone]).delete()
    return holders.keys() - {one.name for one in gone}


def places(row: Any) -> dict[str, UUID]:
    """The scopes that a row stands in: who could see it is told that it is gone."""
    return {} if is_person(type(row)) else {f"{kind}_id": pk for kind, pk in all_scopes(row)}
