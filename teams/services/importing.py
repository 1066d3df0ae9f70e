"""Bringing people into an organization from a list: each in one go, and what is there already stays as it is."""

from typing import Any

from orgs.models import Organization
from rbacadmin.errors import Duplicate
from rbacadmin.policy import Actor
from rbacadmin.service import service
from teams.models import Membership, Team
from teams.services.members import add_member


@service
def bring_person(
    actor: Actor,
    organization: Organization,
    *,
    person: str,
    role: str,
    team: Team | None = None,
    team_role: str = "member",
    **values: Any,
) -> list[Membership]:
    """Make the person a member of the organization, and of a team in it; both or neither. Returns what is new.

    A membership that is there already is left as it is, whatever its role. `values` are limit columns of the
    organization's membership. Raises PermissionDenied, NotFound, ValidationError.
    """
    made = []
    places: list[tuple[Any, str, dict[str, Any]]] = [(organization, role, values)]
    if team is not None:
        places.append((team, team_role, {}))
    for scope, wanted, limits in places:
        try:
            made.append(add_member(actor, scope, person=person, role=wanted, **limits))
        except Duplicate as there:
            if there.code != "already_member":
                raise
    return made
