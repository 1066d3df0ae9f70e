"""Who of the cast sees which teams and people, spelt out: the expectation beside the policy, not a copy of it."""

from typing import Any

from tests.matrix.calls import PLATFORM, Cell
from tests.world import Side

TEAM_PEOPLE = {
    "team": ("team_admin", "second_team_admin", "member", "colleague"),
    "granted_team": ("granted", "granted_colleague"),
    "other_team": ("outsider",),
}


def team_name(side: Side, team: Any) -> str:
    return next(name for name in TEAM_PEOPLE if getattr(side, name).pk == team.pk)


def people_in_team(cell: Cell) -> set[str]:
    """The e-mails of everybody in the team that the cell is about."""
    return {getattr(cell.side, name).email for name in TEAM_PEOPLE[team_name(cell.side, cell.target)]}


def sees_whole_team(cell: Cell) -> bool:
    """Admins from above see every team, a team's admin their own."""
    return cell.persona in (*PLATFORM, "org_admin", "other_org_admin", "team_admin")


def all_teams(side: Side) -> list[Any]:
    return [side.team, side.granted_team, side.other_team]


def teams_seen(cell: Cell) -> list[Any]:
    """The teams in a list, which is cut to the target's organization when the request names one."""
    here, there = cell.world.here, cell.world.there
    own = {
        "proxy_admin": all_teams(here) + all_teams(there),
        "proxy_admin_viewer": all_teams(here) + all_teams(there),
        "org_admin": all_teams(here),
        "team_admin": [here.team],
        "team_member": [here.team],
        "team_member_granted": [here.granted_team],
        "other_org_admin": all_teams(there),
    }.get(cell.persona, [])
    return [team for team in own if cell.target is None or team.organization_id == cell.target.pk]
