"""A caller: all that a warm decision needs about a token, made once and thrown away when anything in it changes."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from gateway.admission.meters import Meter
from gateway.admission.open_calls import Open
from gateway.admission.refusals import Headers, Refusal
from gateway.ledger.usage import Parties
from gateway.levels import Level
from gateway.models import CatalogModel
from rbacadmin.model_names import Names

MOST_OFFERS = 256  # models of one caller that are kept warm


class Held(NamedTuple):
    """The purse of a level, and how a refusal names it."""

    purse: Any
    kind: str
    name: str
    level_id: str
    label: str
    model: str = ""


class Owned(NamedTuple):
    """A model that a scope of the caller brought, and the names that the levels within let it be called by."""

    row: CatalogModel
    names: Names


@dataclass(frozen=True, slots=True)
class Deployment:
    """What the catalog says about the model that is called. Prices are nano-dollars per million tokens."""

    id: UUID | None
    public_id: str
    name: str  # the catalog's; `called` is what a wildcard makes of it
    called: str
    params: Mapping[str, Any]
    credential: bytes | None  # sealed: `credentials.unseal(credential, id)`
    input_price: int
    output_price: int
    rpm_limit: int | None = None
    tpm_limit: int | None = None
    team_id: UUID | None = None
    project_id: UUID | None = None
    organization_id: UUID | None = None
    longest: int | None = None  # tokens of an answer whose length the caller leaves open

    @property
    def is_free(self) -> bool:
        return not self.input_price and not self.output_price


class Offer:
    """One model as one caller may call it now: what is charged and counted. Good until `until`."""

    __slots__ = ("deployment", "held", "input_price", "meters", "output_price", "purses", "until")

    def __init__(self, deployment: Deployment, meters: tuple[Meter, ...], held: tuple[Held, ...]) -> None:
        self.deployment = deployment
        self.meters, self.held = meters, held
        self.purses = tuple(one.purse for one in held)
        self.input_price, self.output_price = deployment.input_price, deployment.output_price
        self.until = 0.0


class Caller:
    """Who calls, where, and within which levels. `fresh_until`: after that it is loaded anew (seconds since 1970)."""

    __slots__ = (
        *("kind", "label", "key_id", "user_id", "membership_id", "team_id", "project_id", "organization_id"),
        *("levels", "rated", "covered", "own", "aliases", "allowed_routes", "routes", "standing", "excluded", "tags"),
        *("fresh_until", "expires_at", "offers", "denied", "headers", "entities", "evicted", "metadata", "groups"),
        *("caps", "open", "parties"),
    )

    def __init__(self, kind: str, label: str) -> None:
        self.kind, self.label = kind, label  # "key", "master" or "token"
        self.key_id: UUID | None = None
        self.user_id: UUID | None = None
        self.membership_id: UUID | None = None
        self.team_id: UUID | None = None
        self.project_id: UUID | None = None
        self.organization_id: UUID | None = None
        self.levels: tuple[Level, ...] = ()  # whose models and budgets bind, the innermost first
        self.rated: tuple[Level, ...] = ()  # whose rates bind: those, and the person wherever they call from
        self.covered = Names(prefixes=("",))  # what the lists of all levels cover
        self.own: tuple[Owned, ...] = ()
        self.aliases: Mapping[str, str] = {}
        self.allowed_routes: tuple[str, ...] = ()
        self.routes: set[str] = set()  # those that were found to be allowed
        self.standing: Refusal | None = None  # why no call at all is admitted
        self.excluded = False  # from rate limits
        self.tags: tuple[str, ...] = ()
        self.metadata: Mapping[str, Any] = {}
        self.groups: Mapping[str, Any] = {}
        self.caps: tuple[Any, ...] = ()  # of their role and their token, besides the levels
        self.fresh_until = self.expires_at = float("inf")
        self.offers: dict[str, Offer] = {}
        self.denied: dict[str, Refusal] = {}
        self.headers: Headers = ()
        self.entities: frozenset[UUID] = frozenset()  # rows in which a change makes this caller out of date
        self.evicted = False
        self.parties = Parties()  # whom its calls count for
        self.open = Open()  # its calls in flight

    @property
    def holder(self) -> Hashable:
        """Who holds what its calls hold: the key; of a token, who it stands for."""
        return self.key_id or self.user_id or self.team_id or self.label
