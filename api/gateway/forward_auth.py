"""Forward auth: a proxy describes the call that it holds, and is told in a status and headers whether to let it pass.

Three proxies, three ways to describe a call (docs/gateway/forward-auth.md):

- nginx, `/gateway/auth-request`: the address in `X-Original-Uri`. It understands 200, 401 and 403 and reads no body, so
  it gets these, with the real status in `X-Rbacadmin-Status`, and never a body (one would cost it the connection).
- Traefik, `/gateway/forward-auth`: the address in `X-Forwarded-Uri`; the body too when it forwards bodies.
- Envoy, `/gateway/ext-authz/...`: the call's own path behind ours; the body too when it sends one along.

These two hand a refusal to the client as it is, so theirs has a JSON body. An admission has none for anybody.
The boundary in front of Django and the Django view both come here with a WSGI environment, so they agree.
"""

import json
from typing import NamedTuple

import structlog
from django.db import InterfaceError, OperationalError
from psycopg_pool import PoolTimeout

from api.gateway.calls import Environ, address_asked, call_of, token_of
from api.gateway.paths import Address, Unclear
from gateway import admission
from gateway.admission import Refused
from gateway.admission.caller import Caller
from gateway.admission.caps import closing
from gateway.admission.decide import left
from gateway.admission.refusals import Refusal, no_model, route_closed, route_denied
from gateway.routes import allows

NGINX, TRAEFIK, ENVOY = "/gateway/auth-request", "/gateway/forward-auth", "/gateway/ext-authz"
ADDRESS_IN = {NGINX: "HTTP_X_ORIGINAL_URI", TRAEFIK: "HTTP_X_FORWARDED_URI"}
EMPTY = ("content-length", "0")
CUSTOMER = "HTTP_X_LITELLM_CUSTOMER_ID"  # for whom the call is made

logger = structlog.stdlib.get_logger(__name__)


class Answer(NamedTuple):
    """What goes over the wire."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""


def is_question(path: str) -> bool:
    """Whether a request is for this door."""
    return path in (NGINX, TRAEFIK) or path.startswith(f"{ENVOY}/")


def answer(environ: Environ) -> Answer:
    """Admit or refuse the call that the proxy describes."""
    path: str = environ["PATH_INFO"]
    try:
        return decide(environ, path)
    except Refused as refused:
        return refusal_of(refused.refusal, path == NGINX)
    except Unclear as unclear:
        return refusal_of(Refusal(400, "bad_request_error", str(unclear), "route"), path == NGINX)
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        logger.warning("database away", reason=type(error).__name__)
        text = "Access cannot be decided at the moment; try again."
        return refusal_of(Refusal(503, "service_unavailable", text, retry_after=1), False)


def decide(environ: Environ, path: str) -> Answer:
    """The answer to who may. Raises Refused, Unclear."""
    caller = admission.authenticate(token_of(environ), team=environ.get("HTTP_X_LITELLM_TEAM_ID", "")[:255])
    address = address_asked(environ, path, ENVOY, ADDRESS_IN.get(path, ""))
    if address.lists:
        return listing(caller, address)
    call = call_of(environ, address)
    if not call.model:
        raise Refused(no_model())
    admitted = admission.admit(
        caller,
        model=call.model,
        route=call.route,
        prompt_tokens=call.prompt_tokens,
        completion_tokens=call.completion_tokens,
        customer=environ.get(CUSTOMER) or None,
    )
    return Answer(
        200,
        [
            EMPTY,
            ("x-request-id", admitted.request_id),
            ("x-rbacadmin-model", call.model),
            *caller.headers,
            *left(admitted.offer),
        ],
    )


def listing(caller: Caller, address: Address) -> Answer:
    """Models are listed for whoever may call any: nothing is taken, nothing is counted. Raises Refused."""
    if caller.standing is not None:
        raise Refused(caller.standing)
    if not allows(caller.allowed_routes, address.route):
        raise Refused(route_denied(address.route, str(caller.key_id or "")))
    if (cap := closing(caller, address.route)) is not None:
        raise Refused(route_closed(cap.kind, cap.name, address.route))
    return Answer(200, [EMPTY, *caller.headers])


def refusal_of(refusal: Refusal, nginx: bool) -> Answer:
    """A refusal, in words that this proxy understands."""
    headers = [
        ("x-rbacadmin-status", str(refusal.status)),
        ("x-rbacadmin-type", refusal.code),
        ("x-rbacadmin-level", refusal.level),
        *refusal.headers,
    ]
    if nginx:
        return Answer(401 if refusal.status == 401 else 403, [EMPTY, *headers])
    body = json.dumps({"error": refusal.as_dict()}).encode()
    more = [("content-type", "application/json"), ("content-length", str(len(body)))]
    return Answer(refusal.status, [*more, *headers], body)
