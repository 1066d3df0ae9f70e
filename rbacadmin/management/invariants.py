"""The nine invariants of a healthy database, each as a function that names the rows that break it.

Each costs the same number of queries whatever the number of rows; only I3 asks once more for each odd owner.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from gateway.ledger.checking import calls_are_in_their_days, leases_add_up, without_keys
from gateway.ledger.statements import MOST_COUNTED
from gateway.models import CatalogModel, DailyUsage, Spend
from keys.models import Key
from keys.parents import parents_of
from orgs.models import Organization, Project
from rbacadmin import limits, policy
from rbacadmin.changes import Parents, parent, values_of
from rbacadmin.models import Archived, AuditEvent, Change, Setting
from rbacadmin.policy import Action, Actor, grants
from rbacadmin.policy.actor import unexpired
from teams.models import Invitation, Membership, Team, User

MANAGED = (Organization, Project, Team, User, Membership, Key, Setting)
SAMPLE_PEOPLE, SAMPLE_ROWS, SAMPLE_ACTIONS = 20, 50, 10  # 10,000 triples for I9
# What people do to their own sign-in, and reading the record, changes no managed row.
SIGN_IN = Q(event__startswith="session.") | Q(event__startswith="user.second_factor_") | Q(event="audit.exported")
# Not preceded by a letter: `helpdesk-assistant` is a name.
PLAIN_SECRET = re.compile(r"(?<![A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{8,}|inv_[A-Za-z0-9]{20,}|eyJ[\w-]+\.[\w-]+\.[\w-]+)")
DIGEST = re.compile(r"[0-9a-f]{64}")


def created_rows_are_there() -> Iterator[str]:
    """I1: what was acknowledged as created is there, or was deleted on record, by itself or with a scope above."""
    done = AuditEvent.objects.filter(outcome="done", kind__in=[model._meta.model_name for model in MANAGED])
    ended = set(
        done.filter(Q(event__endswith=".deleted") | Q(event__endswith=".removed")).values_list("object_id", flat=True)
    )
    made = done.filter(Q(event__endswith=".created") | Q(event__endswith=".added") | Q(event__endswith=".generated"))
    live = {str(pk) for model in MANAGED for pk in model._default_manager.values_list("pk", flat=True)}
    columns = ("organization_id", "team_id", "project_id")
    for kind, object_id, *scopes in made.order_by("created_at", "pk").values_list("kind", "object_id", *columns):
        if object_id not in live and ended.isdisjoint({object_id, *map(str, scopes)}):
            yield f"{kind} {object_id} was created on record and is not there"


def every_change_is_recorded() -> Iterator[str]:
    """I2: audit events and changes come in pairs, and no managed row came in without a record."""

    def tally(rows: QuerySet[Any]) -> dict[tuple[str, str], int]:
        return {
            (kind, pk): n for kind, pk, n in rows.order_by().values_list("kind", "object_id").annotate(n=Count("pk"))
        }

    events = tally(AuditEvent.objects.filter(outcome="done").exclude(SIGN_IN))
    changes = tally(Change.objects.all())
    for row in sorted(events.keys() | changes.keys()):
        if events.get(row, 0) != changes.get(row, 0):
            yield f"{row[0]} {row[1]}: {events.get(row, 0)} audit events, {changes.get(row, 0)} changes"
    for model in MANAGED:
        kind = model._meta.model_name or ""
        people = model._default_manager.exclude(kind="service") if model is User else model._default_manager.all()
        for pk in people.values_list("pk", flat=True):
            if (kind, str(pk)) not in changes:
                yield f"{kind} {pk} is there without a record"


def keys_are_linked() -> Iterator[str]:
    """I3: no live key whose owner left, and every row's scope columns equal its parents'."""
    now = timezone.now()
    joined = Membership.objects.values_list("user_id", "organization_id", "team_id", "project_id")
    members = {(user, project or team or organization) for user, organization, team, project in joined}
    actors: dict[UUID, Actor] = {}
    personal = Key.objects.filter(kind=Key.Kind.PERSONAL, user__isnull=False)
    for key in personal.select_related("user", "team", "project", "organization"):
        for scope in (key.organization,) if key.is_personal else (key.team, key.project):
            if scope is None or key.user is None or not key.is_live(now) or (key.user_id, scope.pk) in members:
                continue
            actor = actors.setdefault(key.user.pk, Actor.for_user(key.user))
            if not policy.can(actor, Action.CREATE_KEYS_FOR_OTHERS, scope):  # who leads from above need not be in it
                yield f"key {key.pk}: its owner {key.user} is no member of its {scope.kind}"
    for model in (Key, Membership, Invitation, CatalogModel):
        for column in ("team", "project"):
            wrong = model._default_manager.filter(**{f"{column}__isnull": False}).exclude(
                organization_id=F(f"{column}__organization_id")
            )
            alone = {"organization_id__isnull": True, f"{column}__organization_id__isnull": True}
            for pk in wrong.exclude(**alone).values_list("pk", flat=True):
                yield f"{model._meta.model_name} {pk}: organization differs from that of its {column}"
    for row in Membership.objects.select_related("organization", "team", "project"):
        if row.group_id != row.scope.group_id:
            yield f"membership {row.pk}: its group is not that of its {row.scope.kind}"


def leaders_remain() -> Iterator[str]:
    """I4: an organization that ever had an admin has one; there is an active platform admin."""
    led = Membership.objects.filter(unexpired(), role="org_admin", user__blocked_by="").values("organization_id")
    became = Q(details__role="org_admin") | Q(details__changed__role__1="org_admin")
    had = AuditEvent.objects.filter(became, kind="membership", outcome="done").values("organization_id")
    for pk in Organization.objects.filter(pk__in=had).exclude(pk__in=led).values_list("pk", flat=True):
        yield f"organization {pk}: has no admin any more"
    if not User.objects.people().filter(platform_role="proxy_admin", blocked_by="").exists():
        yield "platform: has no active admin"


def children_fit() -> Iterator[str]:
    """I5: no child was accepted above its parent. A parent lowered later is a warning, not a breach."""
    for row, parents, above in with_parents():
        for field, message in limits.above_parent(values_of(row), parents).items():
            if not any(scope is not None and scope.updated_at > row.updated_at for scope in above):
                yield f"{row._meta.model_name} {row.pk}: {field}: {message}"


def with_parents() -> Iterator[tuple[Any, Parents, tuple[Any, ...]]]:
    """Every limited row with its parents' limits and the rows above it."""
    scopes: list[Project | Team] = [*Project.objects.select_related("organization")]
    for scope in [*scopes, *Team.objects.select_related("organization")]:
        yield scope, parent(scope.organization), (scope.organization,)
    members: dict[Any, Membership] = {}
    for membership in Membership.objects.select_related("team", "project", "organization"):
        if membership.team_id:
            members[membership.user_id, membership.team_id] = membership
        yield membership, parent(membership.scope), (membership.scope,)
    for key in Key.objects.select_related("user", "team", "project", "organization"):
        member = members.get((key.user_id, key.team_id)) if key.team_id else None
        yield key, parents_of(key, members), (key.user, member, key.team, key.project, key.organization)


def spend_adds_up() -> Iterator[str]:
    """I6: what a row spent is what its days add up to, and a parent's days what its keys' do, to the nano-dollar.

    A key counts for the parents it has, or had when it was archived. Parents that keys have moved out of or into are
    left out: a moved key leaves its past spend behind. So is what has reached the most that is counted. Calls without a
    key (tokens) count for their scopes by themselves. Besides: what is reserved is what processes were lent, and no day
    holds less than its calls.
    """
    days: dict[tuple[str, UUID], int] = {
        (kind, pk): total
        for kind, pk, total in DailyUsage.objects.values_list("kind", "object_id").annotate(total=Sum("spend"))
    }
    whole = Spend.objects.exclude(kind__endswith=":model")  # those count a part of what their row spent
    spent = {(kind, pk): total for kind, pk, total in whole.values_list("kind", "object_id", "lifetime")}
    for kind, pk in sorted(spent.keys() | days.keys()):
        if spent.get((kind, pk), 0) not in (days.get((kind, pk), 0), MOST_COUNTED):
            yield f"{kind} {pk}: spent {spent.get((kind, pk), 0)} in all, {days.get((kind, pk), 0)} by days"
    parts: dict[tuple[str, UUID], int] = defaultdict(int, without_keys())
    for pk, parents in parents_of_keys().items():
        for above in parents:
            parts[above] += days.get(("key", pk), 0)
    summed = parts.keys() | days.keys()
    for kind, pk in sorted(key for key in summed - parted() if key[0] in ("organization", "team", "project")):
        full = spent.get((kind, pk), 0) >= MOST_COUNTED
        if not full and parts.get((kind, pk), 0) != days.get((kind, pk), 0):
            yield f"{kind} {pk}: {days.get((kind, pk), 0)} by days, {parts.get((kind, pk), 0)} by its keys"
    yield from leases_add_up()
    yield from calls_are_in_their_days()


def parents_of_keys() -> dict[UUID, list[tuple[str, UUID]]]:
    """Every key, live or archived, with the scopes that its usage counts for."""
    columns = ("organization_id", "team_id", "project_id")
    rows = [(pk, *ids) for pk, *ids in Key.objects.values_list("pk", *columns)]
    rows += [(UUID(pk), *ids) for pk, *ids in Archived.objects.filter(kind="key").values_list("object_id", *columns)]
    kinds = ("organization", "team", "project")
    return {pk: [(kind, scope) for kind, scope in zip(kinds, ids, strict=True) if scope] for pk, *ids in rows}


def parted() -> set[tuple[str, UUID]]:
    """The scopes that keys have moved out of or into, with their team or by themselves."""
    kinds = ("organization", "team", "project")
    moves = AuditEvent.objects.filter(outcome="done", kind__in=["team", "key"], event__contains=".moved_")
    rows = moves.values_list("organization_id", "team_id", "project_id")
    return {(kind, pk) for ids in rows for kind, pk in zip(kinds, ids, strict=True) if pk}


def members_belong() -> Iterator[str]:
    """I7: each member of a team or project is a member of its organization, within which scopes are shared, too."""
    outer = set(Membership.objects.filter(team=None, project=None).values_list("user_id", "organization_id"))
    inner = Membership.objects.filter(organization__isnull=False).exclude(team=None, project=None)
    for pk, user_id, organization_id in inner.values_list("pk", "user_id", "organization_id"):
        if (user_id, organization_id) not in outer:
            yield f"membership {pk}: its person is no member of the organization"
    homes = {("organization", pk): pk for pk in Organization.objects.values_list("pk", flat=True)}
    homes |= {("project", pk): home for pk, home in Project.objects.values_list("pk", "organization_id")}
    teams = {group: (pk, home) for group, pk, home in Team.objects.values_list("group_id", "pk", "organization_id")}
    homes |= {("team", pk): home for pk, home in teams.values()}
    for (kind, pk), group in grants.shares():
        if homes.get((kind, pk)) is None or teams.get(group, (None, None))[1] != homes[kind, pk]:
            yield f"{kind} {pk} is shared with a group of another organization"


def no_secrets_at_rest() -> Iterator[str]:
    """I8: no plain secret anywhere, and everybody's address is the one they sign in with."""
    places: list[tuple[Any, tuple[str, ...]]] = [
        (AuditEvent, ("details", "object_label", "actor_label")),
        (Archived, ("snapshot", "name")),
        (CatalogModel, ("name", "params", "info")),
        *((model, ("alias", "metadata")) for model in (Organization, Project, Team, Key)),
        (User, ("name", "metadata", "preferences")),
        (Membership, ("metadata",)),
        (Setting, ("value",)),
    ]
    for model, columns in places:
        for pk, *values in model._default_manager.values_list("pk", *columns).iterator():
            if PLAIN_SECRET.search(str(values)):
                yield f"{model._meta.model_name} {pk}: holds a plain secret"
    for pk, *digests in Key.objects.values_list("pk", "token", "previous_token"):
        if not all(digest is None or DIGEST.fullmatch(digest) for digest in digests):
            yield f"key {pk}: is not stored as a hash"
    for address in EmailAddress.objects.select_related("user").exclude(email=F("user__email")):
        yield f"user {address.user_id}: signs in as {address.email}, not as {address.user}"


def decisions_agree() -> Iterator[str]:
    """I9: the check and the list agree on a sample of people, actions and rows."""
    chance = random.Random(9)  # noqa: S311  (the same sample each time, not a secret)
    people = list(User.objects.people().order_by("pk").values_list("pk", flat=True))
    ids = [
        (model, pk) for model in MANAGED for pk in model._default_manager.order_by("pk").values_list("pk", flat=True)
    ]
    sample = chance.sample(ids, min(SAMPLE_ROWS, len(ids)))
    rows = {
        model: list(model._default_manager.filter(pk__in=[pk for kind, pk in sample if kind is model]))
        for model in MANAGED
    }
    for person in User.objects.filter(pk__in=chance.sample(people, min(SAMPLE_PEOPLE, len(people)))).order_by("pk"):
        actor = Actor.for_user(person)
        for action in chance.sample(list(Action), SAMPLE_ACTIONS):
            for model, sampled in rows.items():
                theirs = model._default_manager.filter(pk__in=[row.pk for row in sampled])
                seen = set(policy.visible(actor, action, theirs).values_list("pk", flat=True)) if sampled else set()
                for row in sampled:
                    if (row.pk in seen) != policy.can(actor, action, row):
                        yield f"{model._meta.model_name} {row.pk}: check and list differ on {action} for {person}"


INVARIANTS: dict[str, Callable[[], Iterator[str]]] = {
    "I1": created_rows_are_there,
    "I2": every_change_is_recorded,
    "I3": keys_are_linked,
    "I4": leaders_remain,
    "I5": children_fit,
    "I6": spend_adds_up,
    "I7": members_belong,
    "I8": no_secrets_at_rest,
    "I9": decisions_agree,
}


def broken() -> Iterator[tuple[str, str]]:
    """Every breach as (invariant, sentence)."""
    for name, check in INVARIANTS.items():
        for sentence in check():
            yield name, sentence
