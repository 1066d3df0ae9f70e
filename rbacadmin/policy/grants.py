"""Grants on scopes beyond roles, stored as django-guardian rows. The one file that knows guardian.

guardian's own shortcuts cost two queries per object and cast ids in lists, so reads go to its direct-key tables.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone
from guardian.models import GroupObjectPermissionBase
from guardian.utils import get_group_obj_perms_model

from rbacadmin.policy.actions import Action
from rbacadmin.policy.decision import ScopeKey
from rbacadmin.policy.roles import GRANTABLE
from rbacadmin.policy.scopes import scope_models

__all__ = [
    "Given",
    "Grant",
    "end_sharing",
    "given",
    "groups_by_action",
    "groups_granted",
    "groups_on",
    "on",
    "on_own_groups",
    "rows_of",
    "set_for",
    "shares",
]


class Grant(GroupObjectPermissionBase):
    """One action that a group holds on a scope, until when, and who gave it since when."""

    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=255, blank=True, editable=False)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = True
        default_permissions = ()


class Given(NamedTuple):
    """All that one group holds on a scope. `since` and `by`: of what it holds the longest."""

    actions: frozenset[Action]
    since: datetime
    by: str
    expires_at: datetime | None


@cache
def tables() -> dict[str, type[Model]]:
    """Scope kind -> its grant table."""
    return {kind: get_group_obj_perms_model(scope()) for kind, scope in scope_models().items()}


def live(table: type[Model]) -> QuerySet[Any]:
    """The rows of a grant table that have not expired."""
    return table._default_manager.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()))


def rows_of(groups: Collection[int]) -> Iterator[tuple[int, ScopeKey, Action, datetime | None]]:
    """Group by group what its members may do beyond their roles, and until when. One query per kind of scope."""
    now = timezone.now()
    for kind, table in tables().items() if groups else ():
        rows = table._default_manager.filter(group_id__in=groups).values_list(
            "group_id", "content_object_id", "permission__codename", "expires_at"
        )
        for group, scope_id, codename, end in rows:
            if end is None or end > now:
                yield group, (kind, scope_id), Action(codename), end


def on(scope: Model, group: Group) -> frozenset[Action]:
    """What one group is granted on one scope."""
    table = get_group_obj_perms_model(scope)
    rows = live(table).filter(content_object_id=scope.pk, group=group)
    return frozenset(Action(codename) for codename in rows.values_list("permission__codename", flat=True))


def on_own_groups(kind: str, scope_ids: Iterable[UUID]) -> dict[UUID, frozenset[Action]]:
    """What the people of each scope are granted on it beyond their roles. One query."""
    rows = live(tables()[kind]).filter(content_object__in=list(scope_ids), group_id=F("content_object__group_id"))
    found: dict[UUID, set[Action]] = defaultdict(set)
    for scope_id, codename in rows.values_list("content_object_id", "permission__codename"):
        found[scope_id].add(Action(codename))
    return {scope_id: frozenset(actions) for scope_id, actions in found.items()}


def groups_granted(action: Action, scopes: Iterable[ScopeKey]) -> QuerySet[Any] | None:
    """The ids of all groups that hold the action on one of the scopes; None when no scope can carry it."""
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    for kind, pk in scopes:
        if action in GRANTABLE[kind]:
            by_kind[kind].append(pk)
    found: QuerySet[Any] | None = None
    known = tables()
    for kind, ids in by_kind.items():
        rows = live(known[kind]).filter(permission__codename=action.value, content_object_id__in=ids).values("group_id")
        found = rows if found is None else found.union(rows, all=True)
    return found


def groups_by_action(scopes: Iterable[ScopeKey]) -> dict[Action, set[tuple[ScopeKey, int]]]:
    """Action -> the scopes on which it is granted, each with the group that holds it. One query per kind of scope."""
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    for kind, pk in scopes:
        by_kind[kind].append(pk)
    found: dict[Action, set[tuple[ScopeKey, int]]] = defaultdict(set)
    known = tables()
    for kind, ids in by_kind.items():
        rows = live(known[kind]).filter(content_object_id__in=ids)
        for pk, codename, group in rows.values_list("content_object_id", "permission__codename", "group_id"):
            if (action := Action(codename)) in GRANTABLE[kind]:
                found[action].add(((kind, pk), group))
    return found


def groups_on(scope: Any) -> QuerySet[Any]:
    """The ids of the groups of others that hold something on the scope."""
    rows = live(get_group_obj_perms_model(scope)).filter(content_object_id=scope.pk).exclude(group_id=scope.group_id)
    return rows.order_by().values("group_id").distinct()


def given(scope: Model, groups: Iterable[int]) -> dict[int, Given]:
    """What each of these groups holds on the scope, by its id. One query."""
    rows = live(get_group_obj_perms_model(scope)).filter(content_object_id=scope.pk, group_id__in=list(groups))
    found: dict[int, Given] = {}
    for row in rows.select_related("permission").order_by("created_at", "pk"):
        first = found.get(row.group_id) or Given(frozenset(), row.created_at, row.created_by, row.expires_at)
        found[row.group_id] = first._replace(actions=first.actions | {Action(row.permission.codename)})
    return found


def shares() -> Iterator[tuple[ScopeKey, int]]:
    """Every scope that another group holds something on, with that group. One query per kind of scope."""
    for kind, table in tables().items():
        rows = live(table).exclude(group_id=F("content_object__group_id")).order_by()
        for pk, group in rows.values_list("content_object_id", "group_id").distinct():
            yield (kind, pk), group


def end_sharing(scope: Any) -> set[tuple[ScopeKey, int]]:
    """Take away what ties a scope to others: grants of other groups on it, and of its own people elsewhere.

    Its people keep what they are granted on the scope itself. Returns which scope was shared with which group.
    """
    ended: set[tuple[ScopeKey, int]] = set()
    for kind, table in tables().items():
        shared = Q(group_id=scope.group_id) & ~Q(content_object_id=scope.pk)
        if kind == scope._meta.model_name:
            shared |= Q(content_object_id=scope.pk) & ~Q(group_id=scope.group_id)
        rows = table._default_manager.filter(shared)
        ended |= {((kind, pk), group) for pk, group in rows.values_list("content_object_id", "group_id")}
        rows.delete()
    return ended


def set_for(
    scope: Model, group: Group, actions: Iterable[Action], *, expires_at: datetime | None = None, by: str = ""
) -> frozenset[Action]:
    """Make the group hold exactly these actions on the scope, until then. Returns what it held before.

    Raises ValueError for an action that a scope of this kind cannot grant.
    """
    kind = scope._meta.model_name or ""
    wanted = frozenset(actions)
    if unknown := wanted - set(GRANTABLE[kind]):
        raise ValueError(f"not grantable on a {kind}: {', '.join(sorted(unknown))}")
    before = on(scope, group)
    table = get_group_obj_perms_model(scope)
    rows = table._default_manager.filter(content_object_id=scope.pk, group=group)
    rows.exclude(permission__codename__in=[action.value for action in wanted & before]).delete()
    if wanted & before:
        rows.update(expires_at=expires_at)
    content_type = ContentType.objects.get_for_model(scope)
    permissions = Permission.objects.filter(content_type=content_type, codename__in=[a.value for a in wanted - before])
    table._default_manager.bulk_create(
        [
            table(group=group, permission=permission, content_object_id=scope.pk, expires_at=expires_at, created_by=by)
            for permission in permissions
        ]
    )
    return before
