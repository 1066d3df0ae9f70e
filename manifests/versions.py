"""Versions of resources: the number of the last change of a row, or of what is written beside it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Max

from manifests.feed import position
from manifests.models import Manifest
from manifests.resources import Resource
from rbacadmin.models import Change

TRIES = 3  # of reading what others write in the same moment


def steady(find: Callable[[], Sequence[Resource]]) -> tuple[list[Resource], int]:
    """What is found, with its versions, and the number of the last change that all of it knows.

    Somebody may change a row after it was read and before its version is. Whoever then wrote back what they were
    given, as made from the newest version, would undo that change, and no watch would tell of it. So what has changed
    meanwhile is read again: nothing is older than its version says. Nor is it newer than the number, as a rule: who
    watches from there would be told of it twice, and operators stumble over that.
    """
    before: dict[Any, int] = {}
    for _ in range(TRIES):
        settled = position()
        found = find()
        now = newest(found)
        if all(version <= settled or before.get(pk) == version for pk, version in now.items()):
            break
        before, now = now, {pk: before.get(pk, settled) for pk in now}  # the older one, should there be no next time
    return [replace(one, version=now[one.manifest.pk]) for one in found], settled


def again(one: Resource) -> list[Resource]:
    """The same as it is now; nothing when it is gone."""
    manifest = Manifest.objects.filter(pk=one.manifest.pk).first()
    if manifest is None:
        return []
    return [Resource(one.kind, manifest, one.kind.queryset().filter(pk=manifest.object_id).first())]


def newest(found: Sequence[Resource]) -> dict[Any, int]:
    """By the manifest's id: the number of the last change of a row, of what is beside it, or of what it tells of."""
    ids = {one.manifest.pk: ids_of(one) for one in found}
    last: dict[str, int] = dict(
        Change.objects.filter(object_id__in=set().union(*ids.values()))
        .order_by()
        .values_list("object_id")
        .annotate(Max("seq"))
    )
    return {pk: max(last.get(one, 1) for one in about) for pk, about in ids.items()}


def ids_of(one: Resource) -> set[str]:
    """Of the rows whose changes are changes of the resource."""
    told = [getattr(one.row, column) for column in one.kind.tells_of] if one.row is not None else []
    return {str(pk) for pk in (one.manifest.pk, one.manifest.object_id, *told) if pk}
