"""INV: who invites, sees invitations, and takes them back."""

from typing import Any

from rbacadmin.policy.matrix import PERSONAS
from teams.models import Invitation
from teams.services.invitations import digest
from tests.matrix import objects
from tests.matrix.calls import IN_ORGANIZATION, IN_TEAM, INVISIBLE, PLATFORM, Call, Cell, refusals
from tests.world import World, invited

# Whoever sees the person whom the request names.
SEEN = refusals(*PLATFORM, "org_admin", "team_admin", "project_owner")


def pending(cell: Cell) -> None:
    invited(cell.side.colleague, cell.side.team)
    invited(cell.side.outsider, cell.side.other_team)


def listed(cell: Cell, answer: Any) -> None:
    names = {row["user_email"] for row in answer["invitations"]}
    here = {cell.side.colleague.email, cell.side.outsider.email}
    if cell.target == cell.side.organization:
        assert names == here
    else:
        assert names == ({cell.side.outsider.email} if cell.where == "sibling" else {cell.side.colleague.email})
    assert "inv_" not in str(answer)


def in_team(method: str) -> Call:
    return Call(
        method, "/invitation/list", lambda cell: {"team_id": cell.ident}, own=lambda world, persona: world.here.team,
        sibling=objects.sibling_team, foreign=objects.foreign_team, denied={**IN_TEAM, "team_member_granted": 404},
        arrange=pending, check=listed,
    )  # fmt: skip


def offered(cell: Cell, answer: Any) -> None:
    row = Invitation.objects.get(public_id=answer["id"])
    assert row.user == cell.target
    assert row.digest == digest(answer["invitation_link"].strip("/").split("/")[-1])


def invitation(world: World, persona: str) -> Any:
    return invited(world.here.colleague, world.here.team)[0]


def gone(cell: Cell, answer: Any) -> None:
    assert answer["id"] == cell.ident
    assert not Invitation.objects.filter(pk=cell.target.pk).exists()


ROWS: dict[str, tuple[Call, ...]] = {
    "INV-01": (
        in_team("GET"),
        in_team("POST"),
        Call("GET", "/invitation/list", lambda cell: {"organization_id": cell.ident}, own=objects.organization,
             foreign=objects.foreign_organization, denied=IN_ORGANIZATION, arrange=pending, check=listed,
             only=[persona for persona in PERSONAS if persona != "team_admin"]),
    ),
    "INV-02": (
        Call("POST", "/invitation/new", lambda cell: {"user_id": cell.ident}, own=objects.colleague,
             sibling=objects.sibling_person, foreign=objects.foreign_person, denied=SEEN,
             event="invitation.created", check=offered),
    ),
    "INV-03": (
        Call("POST", "/invitation/delete", lambda cell: {"invitation_id": cell.ident}, own=invitation,
             sibling=lambda world: invited(world.here.outsider, world.here.other_team)[0],
             foreign=lambda world: invited(world.there.colleague, world.there.team)[0], denied=INVISIBLE,
             event="invitation.deleted", check=gone),
    ),
}  # fmt: skip
