"""Whom a verified token stands for: a value, made from claims and the rows that they name."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from keys.refused import TokenRefused
from rbacadmin.policy import Actor, Origin

if TYPE_CHECKING:
    from orgs.models import Organization
    from teams.models import Team, User

Kind = Literal["admin", "user", "team", "customer"]


@dataclass(frozen=True)
class Principal:
    """Everything that a decision about a token's bearer needs. Rows are those of the moment it was made.

    `role` is what the token's roles stand for (`proxy_admin`, `internal_user`, ..., `team`, `customer`), or empty.
    `models` and `routes` are caps: lists of names and patterns of which each single one must cover the call.
    """

    kind: Kind
    subject: str
    claims_hash: str
    expires_at: float  # seconds since the epoch, by the token's `exp`
    user: "User | None" = None
    team: "Team | None" = None
    teams: tuple["Team", ...] = ()  # of which the caller chooses, when the token names several
    organization: "Organization | None" = None
    role: str = ""
    customer: str = ""
    models: tuple[tuple[str, ...], ...] = ()
    routes: tuple[tuple[str, ...], ...] = ()
    claims: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def in_team(self, ident: str) -> "Principal":
        """The same within the team that the caller names, else the only one (rulebook 18).

        Raises TokenRefused: 403 for a team that the token does not name, 400 when several are named and none chosen.
        """
        if ident:
            for team in self.teams:
                if ident in (team.public_id, str(team.pk)):
                    return replace(self, team=team)
            raise TokenRefused("The token does not name this team.", status=403)
        if self.team is None and len(self.teams) > 1:
            names = ", ".join(team.public_id for team in self.teams)
            raise TokenRefused(f"Name one of the token's teams in x-litellm-team-id: {names}.", status=400)
        return self

    def actor(self, origin: Origin) -> Actor:
        """The Actor that asks the policy: a known person with their own rights, a team's token, or a customer's."""
        if self.kind == "admin":
            found = replace(Actor.master(origin), principal=f"jwt:{self.subject}"[:80], label=f"{self.subject} (token)")
        else:
            team_id = self.team.pk if self.team is not None else None
            found = Actor.for_claims(self.kind, user=self.user, team_id=team_id, origin=origin)
        return replace(found, routes=(*found.routes, *self.routes), token_role=self.role)
