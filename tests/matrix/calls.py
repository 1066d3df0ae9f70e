"""What a row of the matrix means over HTTP: how to call, on what, and what exactly a refusal answers."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

from keys.models import Key
from rbacadmin.policy.matrix import PERSONAS
from teams.models import User
from tests.world import PERSONAS as CAST
from tests.world import Side, World


@dataclass(frozen=True)
class Cell:
    """One persona who calls, and the object that they name. `where` is own, sibling or foreign."""

    world: World
    persona: str
    target: Any = None
    where: str = "own"
    ident: str = ""  # how the request names the target

    @property
    def name(self) -> str | None:
        """Who of the cast plays the persona; None is nobody."""
        return CAST[self.persona]

    @property
    def user(self) -> User:
        return getattr(self.world, self.name or "")

    @property
    def side(self) -> Side:
        """The organization in which the target lies."""
        return self.world.there if self.where == "foreign" else self.world.here

    @property
    def home(self) -> Side:
        """The organization of the persona (of platform people and strangers to both: the first)."""
        return self.world.there if self.persona == "other_org_admin" else self.world.here

    def named(self, target: Any, where: str) -> "Cell":
        return replace(self, target=target, where=where, ident=ident_of(target))

    def naming_nothing(self) -> "Cell":
        """The same request with an id that names nothing."""
        return replace(self, ident=random_like(self.target))


def ident_of(row: Any) -> str:
    """How LiteLLM's clients name a row: a key by its hash, a person by e-mail, anything else by its id."""
    if row is None:
        return ""
    return row.token if isinstance(row, Key) else row.email if isinstance(row, User) else row.public_id


def random_like(row: Any) -> str:
    if isinstance(row, Key):
        return hashlib.sha256(uuid.uuid4().bytes).hexdigest()
    return f"{uuid.uuid4().hex}@example.com" if isinstance(row, User) else str(uuid.uuid4())


Body = Callable[[Cell], dict[str, Any]]
Target = Callable[[World, str], Any]


@dataclass(frozen=True)
class Call:
    """One way to do what a row of the matrix says.

    `own` picks the object for a persona: within their scope where they have one, else the one that everybody else of
    the organization means. `sibling` is in the same organization, `foreign` in the other; None where there is no such
    thing. `denied` holds the exact status for every persona that may be refused; `beyond` replaces what follows for
    siblings and foreign objects (by default: platform people and the organization's admin as usual, else 404).
    """

    method: str
    path: str
    body: Body
    denied: Mapping[str, int]
    own: Target = lambda world, persona: None
    sibling: Callable[[World], Any] | None = None
    foreign: Callable[[World], Any] | None = None
    beyond: Mapping[str, int] | None = None
    event: str = ""  # the audit event of success; empty for reads
    notes: str = ""  # the audit event of a read that goes on record, though it changes nothing
    arrange: Callable[[Cell], None] | None = None
    check: Callable[[Cell, Any], None] | None = None
    only: Iterable[str] = PERSONAS  # the personas for whom this call says something
    headers: Callable[[Cell], dict[str, str]] = lambda cell: {}

    def status(self, cells: Mapping[str, str], persona: str) -> int:
        """What the persona's own object answers."""
        return 200 if cells[persona] != "deny" else self.denied[persona]

    def status_beyond(self, cells: Mapping[str, str], persona: str, where: str) -> int:
        """What a sibling or foreign object answers. The other organization's admin is at home in the other one."""
        beyond = self.beyond or {}
        if persona == "anonymous":
            return 401
        if persona in ("proxy_admin", "proxy_admin_viewer"):
            return beyond.get(persona, self.status(cells, persona))
        if (persona, where) in (("org_admin", "sibling"), ("other_org_admin", "foreign")):
            return beyond.get("org_admin", self.status(cells, "org_admin"))
        return beyond.get("others", 404)


def send(call: Call, cell: Cell) -> Any:
    """Make the call with the persona's own key."""
    bearer = {"Authorization": f"Bearer {cell.world.secrets[secret_of(cell)]}"} if cell.name else {}
    headers = {**bearer, **call.headers(cell)}
    body, path = call.body(cell), call.path.format(id=cell.ident, **beside(cell))
    if call.method == "GET":
        answer = Client().get(f"{path}?{urlencode(body)}", headers=headers)
        return HttpResponse(answer.getvalue(), status=answer.status_code) if answer.streaming else answer
    return Client().generic(call.method, path, json.dumps(body), content_type="application/json", headers=headers)


def beside(cell: Cell) -> dict[str, Any]:
    """What paths name besides what they are about: of its organization."""
    side = cell.side
    return {
        "home": side.organization.public_id,
        "name": side.organization.alias,
        "project": side.project.public_id,
        "colleague": side.project_colleague.email,
    }


def secret_of(cell: Cell) -> str:
    return cell.name or ""


def refusals(*seeing: str) -> dict[str, int]:
    """The status for every persona, where those named see the object: 403. For anybody else it is not there."""
    found = {persona: 403 if persona in seeing else 404 for persona in PERSONAS}
    return {**found, "anonymous": 401}


PLATFORM = ("proxy_admin", "proxy_admin_viewer")
MEMBERS = (
    *("org_admin", "org_reader", "team_admin", "team_member", "team_member_granted"),
    *("project_owner", "project_member"),
)
NO_OBJECT = refusals(*PERSONAS)
IN_ORGANIZATION = refusals(*PLATFORM, *MEMBERS)
IN_TEAM = refusals(*PLATFORM, "org_admin", "team_admin", "team_member", "team_member_granted")
IN_PROJECT = refusals(*PLATFORM, "org_admin", "project_owner", "project_member")
TEAM_KEY = IN_TEAM  # the default permissions show a team's keys to its members
PROJECT_KEY = refusals(*PLATFORM, "org_admin", "project_owner")
CARRIED_KEY = refusals(*PLATFORM, "org_admin")
OWN = refusals(*PERSONAS)
INVISIBLE = refusals(*PLATFORM)
EVERYBODY = dict.fromkeys(("proxy_admin", "proxy_admin_viewer", "org_admin", "others"), 200)
