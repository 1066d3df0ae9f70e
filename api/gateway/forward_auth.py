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
import time
from functools import lru_cache
from typing import Literal, overload

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from psycopg_pool import PoolTimeout

from api.gateway.calls import Environ, call_asked, token_of
from api.gateway.paths import Unclear
from gateway import admission
from gateway.admission import Refused
from gateway.admission.caller import Caller
from gateway.admission.caps import closing
from gateway.admission.offers import left
from gateway.admission.refusals import Refusal, no_call, no_model, route_closed, route_denied
from gateway.routes import allows
from rbacadmin.pool import Answer

NGINX, TRAEFIK, ENVOY = "/gateway/auth-request", "/gateway/forward-auth", "/gateway/ext-authz"
ADDRESS_IN = {NGINX: "HTTP_X_ORIGINAL_URI", TRAEFIK: "HTTP_X_FORWARDED_URI"}
METHOD_IN = {NGINX: "HTTP_X_ORIGINAL_METHOD", TRAEFIK: "HTTP_X_FORWARDED_METHOD"}  # of Envoy's question: its own
CHANGING = frozenset({"DELETE", "PATCH", "PUT"})  # what an upstream keeps, such as models: no call of one does
EMPTY = ("content-length", "0")
TEAM = "HTTP_X_LITELLM_TEAM_ID"  # which the caller of a JWT chooses, when it names several
CUSTOMER = "HTTP_X_LITELLM_CUSTOMER_ID"  # for whom the call is made
LASTS, MOST_OPEN = settings.FORWARD_AUTH_SECONDS, settings.FORWARD_AUTH_CALLS  # each look there would cost 0.3 us

logger = structlog.stdlib.get_logger(__name__)


def is_question(path: str) -> bool:
    """Whether a request is for this door."""
    return path in (NGINX, TRAEFIK) or path.startswith(f"{ENVOY}/")


def answer(environ: Environ) -> Answer:
    """Admit or refuse the call that the proxy describes."""
    path: str = environ["PATH_INFO"]
    try:
        return decide(environ, path, warm=False)
    except (Refused, Unclear) as error:
        return told(error, path == NGINX)
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        logger.warning("database away", reason=type(error).__name__)
        text = "Access cannot be decided at the moment; try again."
        return refusal_of(Refusal(503, "service_unavailable", text, retry_after=1), False)


def answer_warm(environ: Environ) -> Answer | None:
    """The same where memory alone knows the answer; None where `answer` has to be asked. Waits for nothing."""
    if environ.get("CONTENT_LENGTH") not in (None, "", "0") or "HTTP_TRANSFER_ENCODING" in environ:
        return None  # a body would have to come in first
    path: str = environ["PATH_INFO"]
    try:
        return decide(environ, path, warm=True)
    except (Refused, Unclear) as error:
        return told(error, path == NGINX)


@overload
def decide(environ: Environ, path: str, *, warm: Literal[False]) -> Answer: ...
@overload
def decide(environ: Environ, path: str, *, warm: Literal[True]) -> Answer | None: ...


def decide(environ: Environ, path: str, *, warm: bool) -> Answer | None:
    """The answer to who may; when `warm`, None instead of a look-up. Raises Refused, Unclear."""
    now = time.time()
    token, team = token_of(environ), environ.get(TEAM, "")[:255]
    caller = (admission.known if warm else admission.authenticate)(token, now=now, team=team)
    if caller is None:
        return None
    route, model, sent, written, lists, answers = call_asked(environ, path, ENVOY, ADDRESS_IN.get(path, ""))
    if environ.get(METHOD_IN.get(path, "REQUEST_METHOD")) in CHANGING and not caller.allowed_routes:
        raise Refused(no_call(route, str(caller.key_id or "")))
    if lists:
        return listing(caller, route)
    if not model:
        raise Refused(no_model())
    customer, counted = environ.get(CUSTOMER) or None, None
    if answers and not warm:
        written, expected = admission.left_open(caller, model, route, now, customer, answers=answers, estimate=written)
        counted = sent + expected
    admitted = (admission.admit_warm if warm else admission.admit)(
        caller,
        model=model,
        route=route,
        prompt_tokens=sent,
        completion_tokens=written,
        customer=customer,
        counted_tokens=counted,
        lasts=LASTS,
        most_open=MOST_OPEN,
        now=now,
    )
    if admitted is None:
        return None
    named = (EMPTY, ("x-request-id", admitted.request_id), ("x-rbacadmin-model", model))
    return 200, [*named, *caller.headers, *left(admitted.offer)], b""


def listing(caller: Caller, route: str) -> Answer:
    """Models are listed for whoever may call any: nothing is taken, nothing is counted. Raises Refused."""
    if caller.standing is not None:
        raise Refused(caller.standing)
    if not allows(caller.allowed_routes, route):
        raise Refused(route_denied(route, str(caller.key_id or "")))
    if (cap := closing(caller, route)) is not None:
        raise Refused(route_closed(cap.kind, cap.name, route))
    return 200, [EMPTY, *caller.headers], b""


def told(error: Refused | Unclear, nginx: bool) -> Answer:
    """What went wrong, in words that this proxy understands."""
    if isinstance(error, Refused):
        return refusal_of(error.refusal, nginx)
    return refusal_of(Refusal(400, "bad_request_error", str(error), "route"), nginx)


def refusal_of(refusal: Refusal, nginx: bool) -> Answer:
    """A refusal, in words that this proxy understands."""
    return turned_away(refusal, nginx) if refusal.status == 401 else worded(refusal, nginx)


@lru_cache(maxsize=256)
def turned_away(refusal: Refusal, nginx: bool) -> Answer:
    """For unknown keys the words are always the same: refusing junk should cost no more than accepting a key."""
    return worded(refusal, nginx)


def worded(refusal: Refusal, nginx: bool) -> Answer:
    headers = [
        ("x-rbacadmin-status", str(refusal.status)),
        ("x-rbacadmin-type", refusal.code),
        ("x-rbacadmin-level", refusal.level),
        *refusal.headers,
    ]
    if nginx:
        return 401 if refusal.status == 401 else 403, [EMPTY, *headers], b""
    body = json.dumps({"error": refusal.as_dict()}).encode()
    more = [("content-type", "application/json"), ("content-length", str(len(body)))]
    return refusal.status, [*more, *headers], body
