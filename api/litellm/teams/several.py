"""What a team's list of models gains and loses, and what members of several teams may do."""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError

from api.litellm.bulk import AT_ONCE, tried
from api.litellm.route import WIRE
from api.litellm.teams import asks
from api.litellm.teams.rows import TEAMS, one_row
from api.litellm.translate import stored
from keys.permissions import to_actions, to_routes
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams import services
from teams.models import Team


def add_models(actor: Actor, body: asks.TeamModels) -> dict[str, Any]:
    """More models for a team; LiteLLM's words for "all" make its list inherit again."""
    team = policy.find(actor, Action.CHANGE_TEAM_MODELS, TEAMS, body.team_id)
    models = stored("models", "models", body.models)
    if not models:
        return one_row(actor, services.update_team(actor, team, models=models))
    return one_row(actor, services.add_models(actor, team, models=models))


def delete_models(actor: Actor, body: asks.TeamModels) -> dict[str, Any]:
    team = policy.find(actor, Action.CHANGE_TEAM_MODELS, TEAMS, body.team_id)
    return one_row(actor, services.remove_models(actor, team, models=body.models))


def add_permissions(actor: Actor, body: asks.TeamsPermissions) -> dict[str, Any]:
    """More permissions for the members of several teams, each team by itself."""
    if body.apply_to_all_teams == (body.team_ids is not None):
        raise ValidationError({"team_ids": "Name `team_ids`, or say `apply_to_all_teams`."})
    wanted = to_actions(body.permissions) or frozenset()
    idents = body.team_ids if body.team_ids is not None else [team.public_id for team in everywhere(actor)]
    failed = []
    for ident in idents:
        _, reason = tried(partial(permit, actor, ident, wanted), WIRE["team"])
        if reason is not None:
            failed.append({"team_id": ident, "failed_reason": reason})
    updated = len(idents) - len(failed)
    return {
        "message": f"{updated} of {len(idents)} teams updated.",
        "teams_updated": updated,
        "permissions_appended": to_routes(wanted),
        "failed_updates": failed,
    }


def everywhere(actor: Actor) -> list[Team]:
    """The teams whose permissions the caller may change, when they are few enough to be changed at once."""
    policy.require_somewhere(actor, Action.CHANGE_TEAM_PERMISSIONS)
    seen = policy.visible(actor, Action.CHANGE_TEAM_PERMISSIONS, TEAMS).order_by("created_at", "pk")
    found = list(seen[: AT_ONCE + 1])
    if len(found) > AT_ONCE:
        raise ValidationError({"apply_to_all_teams": f"There are more than {AT_ONCE} teams: name them in lists."})
    return found


def permit(actor: Actor, ident: str, wanted: frozenset[Action]) -> Team:
    team = policy.find(actor, Action.CHANGE_TEAM_PERMISSIONS, Team, ident)
    return services.add_member_permissions(actor, team, permissions=wanted)
