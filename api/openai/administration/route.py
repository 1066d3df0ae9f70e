"""What one operation of the administration API is: a row of the tables of the nouns."""

from collections.abc import Mapping
from dataclasses import dataclass

from api import route
from api.route import DELETE, GET, POST
from orgs.models import Organization
from rbacadmin.policy import Action, Actor

__all__ = ["DELETE", "GET", "POST", "Context", "Route"]

# The columns of our rows under OpenAI's names, for messages.
WIRE = {"alias": "name", "public_id": "id", "member": "user_id", "expires_at": "expires_in_seconds"}


@dataclass(frozen=True)
class Context:
    """Who asks, in which organization, and what for."""

    actor: Actor
    organization: Organization
    action: Action | None = None


@dataclass(frozen=True)
class Route(route.Route):
    """One operation. Its call gets a `Context` and the request; each has one method and OpenAI's envelope."""

    offered: bool = True  # else the answer is 501, whoever asks and for which organization

    @property
    def tag(self) -> str:
        return "administration"

    @property
    def names(self) -> Mapping[str, str]:
        return WIRE

    @property
    def operation(self) -> str:
        """The operation id: several of them share a path."""
        return f"{self.methods[0].lower()}-{self.name}".replace("-", "_")

    def reads_body(self, method: str | None) -> bool:
        return method == "POST"
