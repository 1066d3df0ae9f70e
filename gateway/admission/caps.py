"""What narrows a caller besides the levels: the permissions of their role, and what a token's scopes give."""

from collections.abc import Iterable
from typing import NamedTuple

from gateway.admission.caller import Caller, Owned
from gateway.routes import allows
from rbacadmin import role_permissions
from rbacadmin.model_names import Names, names_of
from rbacadmin.policy import Actor


class Cap(NamedTuple):
    """One such list. `kind` is `role` or `token`, `name` the role."""

    kind: str
    name: str
    models: Names | None
    routes: tuple[str, ...] = ()


def of_roles(caller: Caller, actor: Actor) -> list[Cap]:
    """What `role_permissions` say of the caller's roles, by key and token alike (rulebook 22)."""
    if actor.user is None and actor.key is None and not actor.token_role:
        return []
    roles = dict.fromkeys((actor.platform_role, actor.token_role))
    found = [one for role in roles if (one := role_permissions.of(role)) is not None]
    return [Cap("role", one.role, read(one.models, caller), tuple(one.routes or ())) for one in found]


def read(models: Iterable[str] | None, caller: Caller) -> Names | None:
    """A list of models with groups looked into; None restricts nothing."""
    listed = list(models or ())
    return names_of(listed, caller.groups) if listed else None


def narrow(caller: Caller, caps: Iterable[Cap]) -> None:
    """Put the caller within the caps: what lists cover, what scopes brought, which routes."""
    caller.caps = tuple(caps)
    for cap in caller.caps:
        if cap.models is not None:
            caller.covered &= cap.models
            caller.own = tuple(Owned(one.row, one.names & cap.models) for one in caller.own)


def closing(caller: Caller, route: str) -> Cap | None:
    """The cap that does not let the route be called."""
    return next((cap for cap in caller.caps if not allows(cap.routes, route)), None)
