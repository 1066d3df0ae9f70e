"""The nine invariants of a healthy database, each as a function that names the rows that break it."""

import random
from collections.abc import Callable, Iterator
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from gateway.models import CatalogModel, DailyUsage, Spend
from keys.models import Key
from keys.parents import parents_of
from orgs.models import Organization, Project
from rbacadmin import limits, policy
from rbacadmin.changes import parent, values_of
from rbacadmin.logs import SECRET
from rbacadmin.models import Archived, AuditEvent, Change
from rbacadmin.policy import Action, Actor
from teams.models import Invitation, Membership, Team, User

MANAGED = (Organization, Project, Team, User, Membership, Key)
SAMPLE = 10_000  # triples for I9


def created_rows_are_there() -> Iterator[str]:
    """I1: what was acknowledged as created is there, or was deleted on record."""
    gone = AuditEvent.objects.filter(outcome="done").filter(
        Q(event__endswith=".deleted") | Q(event__endswith=".removed")
    )
    for model in MANAGED:
        kind = model._meta.model_name
        made = AuditEvent.objects.filter(kind=kind, outcome="done").filter(
            Q(event__endswith=".created") | Q(event__endswith=".added") | Q(event__endswith=".generated")
        )
        ended = set(gone.filter(kind=kind).values_list("object_id", flat=True))
        live = {str(pk) for pk in model._default_manager.values_list("pk", flat=True)}
        for object_id in set(made.values_list("object_id", flat=True)) - ended - live:
            yield f"{kind} {object_id} was created on record and is not there"


def every_change_is_recorded() -> Iterator[str]:
    """I2: audit events and changes come in pairs, and no managed row came in without a record."""

    def tally(rows: QuerySet[Any]) -> dict[tuple[str, str], int]:
        return {
            (kind, pk): n for kind, pk, n in rows.order_by().values_list("kind", "object_id").annotate(n=Count("pk"))
        }

    events = tally(AuditEvent.objects.filter(outcome="done").exclude(event__startswith="session."))
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
    for key in Key.objects.select_related("user", "team", "project", "organization"):
        for scope in (key.team, key.project):
            if scope is not None and scope.organization_id != key.organization_id:
                yield f"key {key.pk}: organization differs from that of its {scope.kind}"
        if key.is_live(now) and key.kind == Key.Kind.PERSONAL and has_left(key.user, key.organization):
            yield f"key {key.pk}: its owner {key.user} is no member of its organization"
    for model, column in ((Membership, "team"), (Membership, "project"), (Invitation, "team"), (CatalogModel, "team")):
        wrong = model._default_manager.filter(**{f"{column}__isnull": False}).exclude(
            organization_id=F(f"{column}__organization_id")
        )
        for row in wrong.exclude(organization_id__isnull=True, **{f"{column}__organization_id__isnull": True}):
            yield f"{model._meta.model_name} {row.pk}: organization differs from that of its {column}"


def has_left(user: User | None, organization: Organization | None) -> bool:
    """Whether a key's owner is no member (any more) of its organization; platform admins need not be one."""
    if user is None or organization is None:
        return False
    joined = Membership.objects.filter(user=user, organization=organization).exists()
    return not joined and not policy.can(Actor.for_user(user), Action.CREATE_KEYS_FOR_OTHERS)


def leaders_remain() -> Iterator[str]:
    """I4: an organization that ever had an admin has one; there is an active platform admin."""
    led = Membership.objects.filter(role="org_admin", user__blocked_by="").values("organization_id")
    had = AuditEvent.objects.filter(kind="membership", details__role="org_admin").values_list(
        "organization_id", flat=True
    )
    for organization in Organization.objects.filter(pk__in=[pk for pk in set(had) if pk]).exclude(pk__in=led):
        yield f"organization {organization.pk}: has no admin any more"
    if not User.objects.filter(platform_role="proxy_admin", blocked_by="", kind=User.Kind.PERSON).exists():
        yield "platform: has no active admin"


def children_fit() -> Iterator[str]:
    """I5: no child was accepted above its parent. A parent lowered later is a warning, not a breach."""
    for row, parents in with_parents():
        for field, message in limits.above_parent(values_of(row), parents).items():
            kind = row._meta.model_name or ""
            if not lowered_since(row):
                yield f"{kind} {row.pk}: {field}: {message}"


def with_parents() -> Iterator[tuple[Any, Any]]:
    """Every limited row with its parents."""
    for project in Project.objects.select_related("organization"):
        yield project, parent(project.organization)
    for team in Team.objects.select_related("organization"):
        yield team, parent(team.organization)
    for membership in Membership.objects.select_related("team", "project", "organization"):
        yield membership, parent(membership.scope)
    for key in Key.objects.select_related("user", "team", "project", "organization"):
        yield key, parents_of(key)


def lowered_since(row: Any) -> bool:
    """Whether a scope above the row changed after the row did."""
    above = [getattr(row, name, None) for name in ("organization", "team", "project", "user")]
    return any(scope is not None and scope.updated_at > row.updated_at for scope in above)


def spend_adds_up() -> Iterator[str]:
    """I6: the spend of a row equals what its days add up to, to the last nano-dollar."""
    for spend in Spend.objects.all():
        days = DailyUsage.objects.filter(kind=spend.kind, object_id=spend.object_id).values_list("spend", flat=True)
        if (total := sum(days)) != spend.lifetime:
            yield f"{spend.kind} {spend.object_id}: spent {spend.lifetime} in all, {total} by days"


def members_belong() -> Iterator[str]:
    """I7: each member of a team or project is a member of its organization."""
    inner = Membership.objects.filter(organization__isnull=False).filter(
        Q(team__isnull=False) | Q(project__isnull=False)
    )
    outer = set(Membership.objects.filter(team=None, project=None).values_list("user_id", "organization_id"))
    for membership in inner:
        if (membership.user_id, membership.organization_id) not in outer:
            yield f"membership {membership.pk}: its person is no member of the organization"


def no_secrets_at_rest() -> Iterator[str]:
    """I8: no plain secret anywhere, and everybody's address is the one they sign in with."""
    for model, columns in (
        (AuditEvent, ("details", "object_label")),
        (Archived, ("snapshot", "name")),
        (Key, ("metadata", "alias")),
    ):
        for pk, *values in model._default_manager.values_list("pk", *columns):
            if SECRET.search(str(values)):
                yield f"{model._meta.model_name} {pk}: holds a plain secret"
    for address in EmailAddress.objects.select_related("user").exclude(email=F("user__email")):
        yield f"user {address.user_id}: signs in as {address.email}, not as {address.user}"


def decisions_agree() -> Iterator[str]:
    """I9: the check and the list agree on a sample of people, actions and rows."""
    chance = random.Random(9)  # noqa: S311  (the same sample each time, not a secret)
    people = list(User.objects.filter(kind=User.Kind.PERSON).order_by("pk"))
    rows = [row for model in MANAGED for row in model._default_manager.order_by("pk")[:500]]
    if not people or not rows:
        return
    for person in chance.sample(people, min(20, len(people))):
        actor = Actor.for_user(person)
        for row in chance.sample(rows, min(SAMPLE // 20 // 10, len(rows))):
            for action in chance.sample(list(Action), 10):
                seen = policy.visible(actor, action, type(row)._default_manager.filter(pk=row.pk)).exists()
                if seen != policy.can(actor, action, row):
                    yield f"{person} {action} {row._meta.model_name} {row.pk}: check and list differ"


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
    assert apps.ready
    for name, check in INVARIANTS.items():
        for sentence in check():
            yield name, sentence
