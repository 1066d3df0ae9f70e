"""What each row of a file does: tried and taken back for the preview, then done, by the same service."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from dashboard.bulk import REFUSALS, said
from dashboard.imports.parsing import Row
from orgs.models import Organization
from rbacadmin import money, policy
from rbacadmin.http import Request
from rbacadmin.models import fold
from rbacadmin.policy import Action, Actor
from rbacadmin.tasks.keeping import Outcome, Step
from rbacadmin.tasks.row import Task
from teams.models import Membership, Team
from teams.services import bring_person

AT_ONCE = 50  # rows of one part


def planned(actor: Actor, organization: Organization, rows: Sequence[Row], start: int) -> list[Outcome]:
    """What would become of the next rows, in their order. Everything is taken back, the record too.

    In parts, because nobody else can write meanwhile on SQLite. What stands above about the same people goes first.
    """
    part = rows[start : start + AT_ONCE]
    people = {row["email"].casefold() for row in part}
    with transaction.atomic():
        done(actor, organization, (row for row in rows[:start] if row["email"].casefold() in people))
        outcomes = done(actor, organization, part)
        transaction.set_rollback(True)
    return outcomes


def step(request: Request, task: Task) -> Step:
    """The next rows, by the rights of now: looked at, all of them, before any is done. Raises as `policy.find` does."""
    organization = policy.find(request.actor, Action.MANAGE_MEMBERS, Organization, task.asked["organization"])
    rows, looked_at = task.asked["rows"], len(task.asked["plan"])
    if looked_at < task.total:
        return Step(0, plan=planned(request.actor, organization, rows, looked_at))
    part = rows[task.done : task.done + AT_ONCE]
    return Step(len(part), done(request.actor, organization, part), last=task.done + len(part) >= task.total)


def done(actor: Actor, organization: Organization, rows: Iterable[Row]) -> list[Outcome]:
    """Bring in each row by itself: one that is refused stops no other."""
    return [outcome_of(actor, organization, row) for row in rows]


def outcome_of(actor: Actor, organization: Organization, row: Row) -> Outcome:
    try:
        made = bring_person(actor, organization, **asked(actor, organization, row))
    except REFUSALS as refused:
        state, text = "wrong", said(refused)
    else:
        state, text = ("new", told(row, made)) if made else ("kept", _("Is here already; nothing changes."))
    return {"line": row["line"], "label": row["email"], "state": state, "text": text}


def asked(actor: Actor, organization: Organization, row: Row) -> dict[str, Any]:
    """A row as the service takes it. Raises ValidationError."""
    found: dict[str, Any] = {"person": row["email"], "role": row["role"] or "member"}
    if row["team_role"] and not row["team"]:
        raise ValidationError(_("There is a role in a team, but no team."))
    if row["team"]:
        found |= {"team": team_named(actor, organization, row["team"]), "team_role": row["team_role"] or "member"}
    if row["budget_usd"]:
        found["max_budget"] = money.to_nano(row["budget_usd"])
    return found


def team_named(actor: Actor, organization: Organization, name: str) -> Team:
    """The team of this name or id in the organization."""
    rows = Team.objects.filter(Q(alias_key=fold(name)) | Team.named(name), organization=organization)
    team = policy.visible(actor, Action.SEE_TEAMS, rows).first()
    if team is None:
        raise ValidationError(_("There is no team “%(name)s” in this organization.") % {"name": name})
    return team


def told(row: Row, made: Sequence[Membership]) -> str:
    """What came of it; and that somebody known by an id alone, which a platform admin may choose, has no way in."""
    found = [joined(membership) for membership in made]
    if made[0].user.email is None:
        words = _("“%(id)s” is no e-mail address: who is known by an id alone has keys, and cannot sign in.")
        found.append(words % {"id": row["email"]})
    return " ".join(found)


def joined(membership: Membership) -> str:
    return _("Joins %(place)s as %(role)s.") % {"place": membership.scope.label, "role": membership.role_label}
