"""The three addresses that a terminal asks: forms in, JSON out, errors as RFC 6749 5.2 has them. No cookie is read."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from keys import secrets, terminals
from keys.actors import find_key
from keys.terminals import Waiting
from rbacadmin.conf import conf
from rbacadmin.errors import Refused, TooMany
from rbacadmin.http import client_ip
from rbacadmin.policy import Actor, Origin
from rbacadmin.throttling import spend

DOOR = "terminal"
CLIENT = "rbacctl"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
MOST = 4096  # bytes of a form
BEGINS = {"most": 30, "seconds": 600}  # of one address: each is a row that waits for ten minutes
LOOKS = {"most": 300, "seconds": 60}  # of one address, behind which many terminals may wait
ENDS = {"most": 60, "seconds": 60}
View = Callable[[HttpRequest], JsonResponse]


class Wrong(Exception):
    """A request that is refused. `code` is RFC 6749's word, or RFC 8628's."""

    def __init__(self, code: str, words: str, status: int = 400, **more: Any) -> None:
        super().__init__(words)
        self.code, self.status, self.more = code, status, more


def said(status: int, body: dict[str, Any]) -> JsonResponse:
    """An answer that nobody keeps: some hold a secret."""
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


def endpoint(action: str, rate: dict[str, int]) -> Callable[[View], View]:
    """A view that takes forms, so many of one address, and says what is wrong as OAuth does."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @login_not_required
        @sensitive_post_parameters()
        @wraps(view)
        def answered(request: HttpRequest) -> JsonResponse:
            try:
                require_form(request)
                spend(action, client_ip(request), **rate)
                return view(request)
            except Wrong as wrong:
                body = {"error": wrong.code, "error_description": str(wrong), **wrong.more}
                answer = said(wrong.status, body)
                if wrong.status == 405:
                    answer["Allow"] = "POST"
            except TooMany as error:
                answer = said(429, {"error": "slow_down", "error_description": str(error)})
                answer["Retry-After"] = str(error.retry_after)
            return answer

        return answered

    return wrap


def require_form(request: HttpRequest) -> None:
    """Raise Wrong for what is no small form."""
    if request.method != "POST":
        raise Wrong("invalid_request", "Ask with POST.", 405)
    if request.content_type != "application/x-www-form-urlencoded":
        raise Wrong("invalid_request", "Send a form (application/x-www-form-urlencoded).")
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST:
        raise Wrong("invalid_request", f"Send {MOST} bytes at most.", 413)


def origin_of(request: HttpRequest) -> Origin:
    return Origin(door=DOOR, ip=client_ip(request), request_id=getattr(request, "id", ""))


def require_client(request: HttpRequest) -> None:
    """Raise Wrong for another program: there is one that has no secret of its own, and needs none."""
    if request.POST.get("client_id") != CLIENT:
        raise Wrong("invalid_client", f"The only client is {CLIENT}.", 401)


@endpoint("terminal-begin", BEGINS)
def device_authorization(request: HttpRequest) -> JsonResponse:
    """Begin: what the terminal keeps, and what its person types where."""
    require_client(request)
    waiting, secret = terminals.begin(request.POST.get("host", "")[:1000], client_ip(request))
    code = waiting.user_code or ""
    page = reverse("own-terminals")
    base = conf.public_url.rstrip("/")  # else as this request was addressed: whoever asked so reaches us so
    return said(200, {
        "device_code": secret,
        "user_code": f"{code[:4]}-{code[4:]}",
        "verification_uri": base + page if base else request.build_absolute_uri(page),
        "expires_in": int(terminals.LIFE.total_seconds()),
        "interval": waiting.interval,
    })  # fmt: skip


@endpoint("terminal-look", LOOKS)
def token(request: HttpRequest) -> JsonResponse:
    """Wait: the key, once its person has agreed. Every other answer is 400 with a word that says what to do."""
    require_client(request)
    if request.POST.get("grant_type") != GRANT:
        raise Wrong("unsupported_grant_type", f"The only grant is {GRANT}.")
    try:
        key, secret = terminals.collect(request.POST.get("device_code", ""), origin_of(request))
    except Waiting as waiting:
        raise Wrong(waiting.code, str(waiting), interval=waiting.interval) from waiting
    except Refused as refused:  # their rights changed between their answer and now
        raise Wrong("access_denied", str(refused)) from refused
    ends = key.expires_at
    answer: dict[str, Any] = {"access_token": secret, "token_type": "Bearer", "name": key.alias}
    if ends is not None:
        answer |= {"expires_in": int((ends - key.created_at).total_seconds()), "expires_at": ends.isoformat()}
    return said(200, answer)


@endpoint("terminal-end", ENDS)
def revoke(request: HttpRequest) -> JsonResponse:
    """End: whoever holds the key of a terminal may sign it out. What opens nothing is as good as ended (RFC 7009 2.2).

    Other keys are deleted where keys are: one that signs in a terminal by chance may serve a program, too.
    """
    secret = request.POST.get("token", "")
    key = find_key(secret) if secrets.is_well_formed(secret) else None
    if key is None:
        return said(200, {})
    if not key.is_session:
        raise Wrong("unsupported_token_type", "This key was not made by signing in from a terminal: it stays.")
    try:
        terminals.end_terminal(Actor.for_key(key, origin_of(request)), key)
    except Refused:
        return said(200, {"error_description": "It is blocked or has ended, and opens nothing."})
    return said(200, {})
