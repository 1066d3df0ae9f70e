"""The objects of the cast that a row is tried on: each persona's own, a sibling next to it, and a foreign one."""

from typing import Any

from tests.world import PERSONAS, World


def organization(world: World, persona: str) -> Any:
    return world.here.organization


def foreign_organization(world: World) -> Any:
    return world.there.organization


def team(world: World, persona: str) -> Any:
    """`granted` is in a team of its own, which lets members do everything with its keys."""
    return world.here.granted_team if persona == "team_member_granted" else world.here.team


def sibling_team(world: World) -> Any:
    return world.here.other_team


def foreign_team(world: World) -> Any:
    return world.there.team


def project(world: World, persona: str) -> Any:
    return world.here.project


def sibling_project(world: World) -> Any:
    return world.here.other_project


def foreign_project(world: World) -> Any:
    return world.there.project


def personal_key(world: World, persona: str) -> Any:
    """The persona's own key that is bound to nothing but an organization."""
    if persona == "other_org_admin":
        return world.there.keys["org_admin_personal"]
    return world.here.keys[f"{PERSONAS[persona] or 'member'}_personal"]


def sibling_personal_key(world: World) -> Any:
    return world.here.keys["outsider_personal"]


def foreign_personal_key(world: World) -> Any:
    return world.there.keys["reader_personal"]


def own_team_key(world: World, persona: str) -> Any:
    """The persona's own key in their team; for everybody else one of the team's."""
    owner = {"team_admin": "team_admin", "team_member_granted": "granted"}.get(persona, "member")
    return world.here.keys[f"{owner}_team"]


def anothers_team_key(world: World, persona: str) -> Any:
    owner = "granted_colleague" if persona == "team_member_granted" else "colleague"
    return world.here.keys[f"{owner}_team"]


def team_service_key(world: World, persona: str) -> Any:
    return world.here.keys["granted_service" if persona == "team_member_granted" else "team_service"]


def sibling_team_key(world: World) -> Any:
    return world.here.keys["outsider_team"]


def foreign_team_key(world: World) -> Any:
    return world.there.keys["colleague_team"]


def project_key(world: World, persona: str) -> Any:
    """A member's own key; for everybody else (the owner too) that member's."""
    return world.here.keys["project_member_project"]


def foreign_project_key(world: World) -> Any:
    return world.there.keys["project_member_project"]


def outside_key(world: World, persona: str) -> Any:
    """A key outside of the persona's scope, which for platform people there is not."""
    side = world.here if persona == "other_org_admin" else world.there
    return side.keys["member_team"]


def colleague(world: World, persona: str) -> Any:
    """Somebody else in the persona's team or project."""
    name = {"team_member_granted": "granted_colleague", "project_owner": "project_member"}.get(persona, "colleague")
    return getattr(world.here, "project_colleague" if persona == "project_member" else name)


def sibling_person(world: World) -> Any:
    return world.here.outsider


def foreign_person(world: World) -> Any:
    return world.there.colleague
