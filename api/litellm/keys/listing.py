"""Lists of keys: those that live, those that are gone, and their names."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from api.litellm import lists
from api.litellm.keys import asks
from api.litellm.keys.rows import KEYS, archived_rows, key_rows, owners_of
from api.memberships import teams_of
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.models import Archived, fold
from rbacadmin.policy import Action, Actor
from teams.models import Team, User

SORT = {"key_alias": "alias_key", "expires": "expires_at", "last_active": "last_used_at"}
# Columns that only those see who view the key: in an order by these, keys that one merely lists would tell them.
VIEWED = ("expires_at", "last_used_at", "max_budget", "tpm_limit", "rpm_limit")
SCOPES: tuple[tuple[str, Any], ...] = (("team", Team), ("organization", Organization), ("project", Project))


def list_page(actor: Actor, body: asks.KeyPage) -> dict[str, Any]:
    """A page of keys; with `status=deleted`, of those that are gone."""
    order = lists.order_of(body.sort_by, body.sort_order, SORT)
    if body.status == "deleted":
        order = order if order.removeprefix("-") == "created_at" else "-created_at"
        gone = policy.numbered(actor, Action.LIST_KEYS, deleted(body), page=body.page, size=body.size, order=order)
        shown: list[Any] = archived_rows(gone.items)
        return page_of(gone, shown if body.return_full_object else [row["token_id"] for row in shown])
    found = filtered(actor, body)
    if order.removeprefix("-") in VIEWED:
        found = policy.visible(actor, Action.VIEW_KEYS, found)
    page = policy.numbered(actor, Action.LIST_KEYS, found, page=body.page, size=body.size, order=order, nulls=True)
    if not body.return_full_object:
        return page_of(page, [key.token for key in page.items])
    owners = owners_of(actor, page.items) if body.expand else None
    rows = key_rows(actor, page.items)
    if owners is not None:
        rows = [{**row, "user": owners.get(key.user_id)} for key, row in zip(page.items, rows, strict=True)]
    return page_of(page, rows)


def page_of(found: policy.Numbered[Any], shown: list[Any]) -> dict[str, Any]:
    return {"keys": shown, "total_count": found.total, "current_page": found.page, "total_pages": found.pages}


def filtered(actor: Actor, body: asks.KeyPage) -> QuerySet[Key]:
    """The filters of the list. An unknown id and one that the caller cannot see both find nothing."""
    found = KEYS.all()
    for column, model in SCOPES:
        if ident := getattr(body, f"{column}_id"):
            found = found.filter(**{f"{column}__in": model.rows_named(ident)})
    if body.user_id:
        found = found.filter(of_person(actor, body, User.rows_named(body.user_id)))
    if body.key_hash:
        found = found.filter(Key.named(body.key_hash))
    if body.key_alias:
        found = found.filter(**{f"alias_key{'__contains' if body.substring_matching else ''}": fold(body.key_alias)})
    if body.search:
        found = found.filter(Q(alias_key__contains=fold(body.search)) | Q(public_id=body.search))
    ended = Q(expires_at__lte=timezone.now())
    states = {"active": Q(blocked_by="") & ~ended, "expired": Q(blocked_by="") & ended}
    return found.filter(states.get(body.status, ~Q(blocked_by=""))) if body.status else found


def of_person(actor: Actor, body: asks.KeyPage, person: QuerySet[User]) -> Q:
    """Somebody's keys and, when the request asks for it, those of their teams and those that they made."""
    theirs = Q(user__in=person)
    if body.include_team_keys:
        theirs |= Q(team__in=teams_of(actor, person))
    if body.include_created_by_keys and (maker := policy.visible(actor, Action.VIEW_PEOPLE, person).first()):
        theirs |= Q(created_by=maker.label) | Q(created_by__startswith=f"{maker.label} (")
    return theirs


def deleted(body: asks.KeyPage) -> QuerySet[Archived]:
    """Keys that are gone, with the filters that the archive knows."""
    found = Archived.objects.filter(kind="key")
    for column, model in SCOPES:
        if ident := getattr(body, f"{column}_id"):
            found = found.filter(**{f"{column}_id__in": model.rows_named(ident).values("pk")})
    if body.user_id:
        people = User.rows_named(body.user_id).values_list("pk", flat=True)
        found = found.filter(snapshot__user_id__in=[str(pk) for pk in people])
    if body.key_alias:
        found = found.filter(name=body.key_alias)
    return found.filter(name__icontains=body.search) if body.search else found


def aliases(actor: Actor, body: asks.KeyAliasPage) -> dict[str, Any]:
    """The names of the keys that the caller may list."""
    found = Key.objects.exclude(alias_key="")
    if body.team_id:
        found = found.filter(team__in=Team.rows_named(body.team_id))
    if body.search:
        found = found.filter(alias_key__contains=fold(body.search))
    page = policy.numbered(actor, Action.LIST_KEYS, found, page=body.page, size=body.size, order="alias_key")
    return {
        "aliases": [key.alias for key in page.items],
        "total_count": page.total,
        "current_page": page.page,
        "total_pages": page.pages,
        "size": page.size,
    }


def infos(actor: Actor, body: asks.KeysNamed) -> dict[str, Any]:
    """Several keys at once. What is not there, or not for the caller to see, is left out."""
    named = Q(pk__in=[])
    for ident in body.keys or []:
        named |= Key.named(ident)
    if body.key_aliases:
        named |= Q(alias_key__in=[fold(alias) for alias in body.key_aliases]) & ~Q(alias_key="")
    found = list(policy.visible(actor, Action.VIEW_KEYS, KEYS.filter(named)).order_by("created_at", "pk")[:500])
    return {"key": [key.token for key in found], "info": key_rows(actor, found)}
