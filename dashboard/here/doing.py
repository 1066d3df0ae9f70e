"""Who can do what here: people against the actions that are asked about a scope, from the reverse look-up."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from dashboard.labels import with_labels
from rbacadmin import policy
from rbacadmin.policy import Action, Actor, Page
from rbacadmin.policy.actor import unexpired
from rbacadmin.policy.applies import ACTIONS_OF, KEYS_IN
from rbacadmin.policy.subjects import all_scopes
from teams.models import Membership

SHOWN = 25
PEOPLE = (
    *(Action.VIEW_MEMBERS, Action.MANAGE_MEMBERS, Action.CHANGE_MEMBER_LIMITS, Action.INVITE_PEOPLE),
    *(Action.VIEW_INVITATIONS, Action.MANAGE_INVITATIONS, Action.CREATE_PEOPLE),
)
KEYS = (*KEYS_IN, Action.CREATE_KEYS_FOR_OTHERS, Action.CALL_MODELS)
RECORD = (Action.VIEW_SPEND, Action.VIEW_AUDIT, Action.EXPORT_AUDIT, Action.EXPLAIN_ACCESS)
AREAS: Mapping[Any, tuple[Action, ...]] = {
    _("Its people"): PEOPLE,
    _("Keys and calls"): KEYS,
    _("Spend and record"): RECORD,
}


@dataclass(frozen=True)
class Cell:
    """What somebody may do in one area, of how much that there is."""

    area: Any
    actions: Sequence[Action]
    of: int

    @property
    def everything(self) -> bool:
        return len(self.actions) == self.of


@dataclass(frozen=True)
class Doer:
    """A person, by what they are here (the roles here and above, as far as the asker sees them), and what they may."""

    person: Any
    roles: Sequence[str]
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Doing:
    """A page of people, and the areas of the table."""

    page: Page[Any]
    doers: Sequence[Doer]
    areas: Sequence[Any]


def areas_of(scope: Any) -> dict[Any, tuple[Action, ...]]:
    """The actions that are asked about this kind of scope, by area; what is in no other area is about itself."""
    asked = ACTIONS_OF[scope._meta.label]
    found = {name: tuple(action for action in asked if action in actions) for name, actions in AREAS.items()}
    told = {action for actions in found.values() for action in actions}
    name = str(_("The %(kind)s itself")) % {"kind": scope._meta.verbose_name}
    itself = {name: tuple(action for action in asked if action not in told)}
    return {**itself, **{name: actions for name, actions in found.items() if actions}}


def doing(asker: Actor, scope: Any, action: str = "", after: str | None = None) -> Doing:
    """Everybody whom the asker sees and who may see the scope, or do `action` to it. A few queries a page.

    Who may do anything to a scope sees it: the table starts from those.
    """
    areas = areas_of(scope)
    wanted = Action(action) if action in ACTIONS_OF[scope._meta.label] else seeing(scope)
    able = policy.who(wanted, scope)
    page = policy.page(asker, Action.VIEW_PEOPLE, able, order="public_id", after=after, size=SHOWN)
    held, roles = held_by(page.items, scope), roles_of(asker, page.items, scope)
    doers = [
        Doer(person, roles.get(person.pk, []), [
            Cell(name, [one for one in actions if one in held[person.pk]], len(actions))
            for name, actions in areas.items()
        ])
        for person in page.items
    ]  # fmt: skip
    return Doing(page, doers, list(areas))


def seeing(scope: Any) -> Action:
    found: Action = type(scope).view_action
    return found


def held_by(people: Sequence[Any], scope: Any) -> dict[UUID, set[Action]]:
    """What each of these people may do to the scope. Asked once for all actions that the same people may."""
    alike = policy.alike(ACTIONS_OF[scope._meta.label], scope) if people else []
    return {
        person.pk: {action for same in alike if policy.can(actor, same[0], scope) for action in same}
        for person, actor in zip(people, Actor.for_people(people), strict=True)
    }


def roles_of(asker: Actor, people: Sequence[Any], scope: Any) -> dict[UUID, list[str]]:
    """The roles of these people here and above, the nearest first, as far as the asker sees them. One query."""
    keys = list(all_scopes(scope))
    rows = Membership.objects.filter(unexpired(), user__in=[person.pk for person in people])
    seen = policy.visible(asker, Action.VIEW_MEMBERS, with_labels(rows, "organization", "team", "project"))
    found: dict[UUID, list[str]] = defaultdict(list)
    for row in sorted((row for row in seen if row.scope_key in keys), key=lambda row: -keys.index(row.scope_key)):
        found[row.user_id].append(row.role_label)
    return found
