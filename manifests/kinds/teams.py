"""Teams as manifests."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from pydantic import Field

from manifests.kinds.fields import LIMITS, Flag, Named, Names
from manifests.kinds.kind import Column, Declared, Seen, Values
from manifests.kinds.scopes import AGE, READY, Placed, PlacedKind, PlacedStatus
from rbacadmin.member_permissions import to_actions, to_routes
from rbacadmin.policy import Action, Actor, grants
from teams import services as teams
from teams.models import Team


class TeamSpec(Placed):
    """A team: people who share models, keys and a budget."""

    teamAlias: Named = Field(description="Its name.")
    teamID: Named | None = Field(default=None, description="Its id, chosen by platform admins; cannot be changed.")
    blocked: Flag | None = Field(default=None, description="Whether calls through it are refused.")
    modelAliases: dict[Named, Named] | None = Field(default=None, description="Other names for models.")
    teamMemberPermissions: Names | None = Field(
        default=None, description="What members may do with the team's keys, as routes: /key/info, /key/generate ..."
    )


class TeamStatus(PlacedStatus):
    teamAlias: str | None = None
    teamID: str | None = None


class TeamKind(PlacedKind):
    name, plural, short = "Team", "teams", ("llmteam",)
    description = "People who share models, keys and a budget."
    spec, status, model = TeamSpec, TeamStatus, Team
    alias_field, id_field = "teamAlias", "teamID"
    fields = {**LIMITS, "teamAlias": "alias", "modelAliases": "model_aliases"}
    kept = frozenset({"connectionRef", "teamID"})
    columns = (
        READY,
        Column("Alias", ".spec.teamAlias", "Its name."),
        Column("Budget", ".spec.maxBudget", "Dollars."),
        Column("Organization", ".status.organizationID", "The id of its organization.", priority=1),
        Column("Spend", ".status.spend", "Dollars in the running period.", priority=1),
        Column("ID", ".status.teamID", "Its id.", priority=1),
        AGE,
    )
    sees, creates, changes, deletes = Action.SEE_TEAMS, Action.CREATE_TEAMS, Action.CHANGE_TEAMS, Action.DELETE_TEAMS

    def queryset(self) -> QuerySet[Team]:
        return Team.objects.select_related("organization")

    def extras(self, actor: Actor, rows: Sequence[Any], allowed: Mapping[Any, frozenset[str]]) -> dict[Any, Seen]:
        found = super().extras(actor, rows, allowed)
        granted = grants.on_own_groups("team", [row.pk for row in rows])
        for row in rows:
            if "team_member_permissions" in allowed[row.pk]:
                found[row.pk].spec["teamMemberPermissions"] = to_routes(granted.get(row.pk, ()))
        return found

    def readable_fields(self, allowed: frozenset[str]) -> set[str]:
        more = {"teamMemberPermissions"} if "team_member_permissions" in allowed else set()
        return super().readable_fields(allowed) | more

    def canonical(self, field: str, value: Any) -> Any:
        return sorted(set(value)) if field == "teamMemberPermissions" and value is not None else value

    def create(self, actor: Actor, declared: Declared) -> Team:
        permissions = to_actions(declared.spec.teamMemberPermissions)
        place = declared.refs["organization"]
        row = teams.create_team(actor, place, permissions=permissions, **self.chosen(declared))
        return self.set_blocked(actor, row, declared.spec.blocked)

    def update(self, actor: Actor, row: Any, changes: Values, declared: Declared) -> Team:
        columns, rest = self.split(changes)
        row = teams.move_team(actor, row, organization=declared.refs["organization"])  # nothing where it is there
        if columns:
            row = teams.update_team(actor, row, **columns)
        if "teamMemberPermissions" in rest:
            row = teams.set_member_permissions(actor, row, permissions=to_actions(rest["teamMemberPermissions"]))
        return self.set_blocked(actor, row, rest["blocked"]) if "blocked" in rest else row
