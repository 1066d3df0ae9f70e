"""The teams with which a scope is shared, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rbacadmin import policy
from rbacadmin.policy import ROLES, Action, Actor, Page, grants
from rbacadmin.policy.roles import distinct_roles
from teams.models import Team, role_label

UNSEEN = 25  # teams that one does not see, on the first page


@dataclass(frozen=True)
class Share:
    """One team, and what its members may do in a scope. Without a name: a team that the reader does not see."""

    team: Team
    seen: bool
    given: grants.Given
    kind: str  # of the scope

    @property
    def name(self) -> str:
        return self.team.label if self.seen else _("A team that you do not see")

    @property
    def level(self) -> str:
        """The role that means the same, in words; nothing when there is none."""
        role = role_of(self.kind, self.given.actions)
        return role_label(self.kind, role) if role else ""

    @property
    def labels(self) -> list[str]:
        """What they may, one by one."""
        return [action.label for action in Action if action in self.given.actions]


def teams_of(scope: Any) -> QuerySet[Team]:
    """The teams with which the scope is shared, whoever asks."""
    return Team.objects.filter(group_id__in=grants.groups_on(scope))


def can_share(actor: Actor, scope: Any) -> bool:
    """Whether the section stands on the page: for whoever sees the people of a scope that can be shared at all."""
    in_organization = scope.kind == "organization" or scope.organization_id is not None
    return in_organization and policy.can(actor, Action.VIEW_MEMBERS, scope)


def shares(actor: Actor, scope: Any, after: str | None) -> tuple[Page[Team], list[Share]]:
    """A page of the teams that the reader sees; on the first also some others. Always as many queries."""
    page = policy.page(actor, Action.SEE_TEAMS, teams_of(scope), order="alias_key", after=after)
    teams = [(team, True) for team in page.items]
    if not after and not policy.sees_all(actor, Action.SEE_TEAMS):
        seen = policy.visible(actor, Action.SEE_TEAMS, Team.objects.all()).values("pk")
        teams += [(team, False) for team in teams_of(scope).exclude(pk__in=seen).order_by("pk")[:UNSEEN]]
    held = grants.given(scope, [team.group_id for team, _seen in teams])
    return page, [Share(team, seen, held[team.group_id], scope.kind) for team, seen in teams]


def role_of(kind: str, actions: Iterable[Action]) -> str:
    """The role that means exactly this; nothing when there is none."""
    held = frozenset(actions)
    return next((role for role in distinct_roles(kind) if ROLES[kind][role] == held), "")
