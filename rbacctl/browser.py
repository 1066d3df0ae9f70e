"""Signing in through the browser (RFC 8628): this machine shows a code, its person types it where they are signed in.

Nothing listens here and no address holds a secret, so it works over ssh and in a container as well as on a desk.
"""

import os
import platform
import sys
import time
import webbrowser
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rbacctl.client import Server, read
from rbacctl.failure import Code, Failure, refusal
from rbacctl.output import Screen

CLIENT = "rbacctl"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
HEADERS = {"Accept": "application/json"}
OURS = "sk-t_"  # how keys begin that come from signing in through the browser
LATER = (429, 502, 503, 504)  # asked again: the code lives for minutes
ENDS = {
    "access_denied": Failure("The sign-in was refused in the browser.", Code.FORBIDDEN),
    "expired_token": Failure("The code was not typed in time. Begin again: rbacctl auth login", Code.SIGNED_OUT),
}


@dataclass(frozen=True)
class Begun:
    """A sign-in that waits for its person. Times in seconds."""

    secret: str
    code: str
    page: str
    lasts: float
    every: float


def form(server: Server, name: str, **fields: str) -> tuple[int, Any]:
    """The status and answer of one of the server's addresses for terminals. Raises Failure when there is no answer."""
    response = server.request("POST", f"/oauth/{name}", data={"client_id": CLIENT, **fields}, headers=HEADERS)
    return response.status_code, read(response)


def begin(server: Server) -> Begun:
    """Ask to sign in. Raises Failure for a server that does not know how."""
    status, answer = form(server, "device_authorization", host=platform.node())
    if status == 404:
        raise Failure(
            f"{server.url} has no sign-in from a terminal: use a key (rbacctl auth login --with-key).", Code.REFUSED
        )
    if status != 200:
        raise refusal(status, described(answer))
    try:
        page = str(answer["verification_uri"])
        begun = Begun(str(answer["device_code"]), str(answer["user_code"]), page, float(answer["expires_in"]),
                      float(answer.get("interval", 5)))  # fmt: skip
    except (KeyError, TypeError, ValueError):
        raise Failure(f"{server.url} does not speak this API: is it the right address?", Code.LATER) from None
    if urlsplit(page).scheme not in ("http", "https"):
        raise Failure(f"{server.url} names a page that is none: {page}", Code.REFUSED)
    return begun


def described(answer: Any) -> Any:
    """What an answer of OAuth says went wrong, as `refusal` reads it."""
    return {"message": answer.get("error_description", "")} if isinstance(answer, dict) else answer


def offer(screen: Screen, begun: Begun, *, opens: bool) -> None:
    """Say where the code goes, and open that page where there is a screen to open it on."""
    screen.aside(f"Open   {begun.page}\nType   {begun.code}\nThe code works once, for {begun.lasts / 60:.0f} minutes.")
    if opens and has_screen():
        webbrowser.open(begun.page)


def has_screen() -> bool:
    """Whether a browser would open on this person's screen, and not inside their terminal or far away from them."""
    if os.environ.get("SSH_CONNECTION") or not sys.stderr.isatty():
        return False
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def wait(server: Server, begun: Begun, screen: Screen) -> dict[str, Any]:
    """The server's answer with the key, once the person has agreed. Raises Failure when they do not."""
    with screen.waiting("Waiting for the browser (Ctrl-C gives up)"):
        for answer in looks(server, begun):
            return answer
    raise ENDS["expired_token"]


def looks(server: Server, begun: Begun) -> Iterator[dict[str, Any]]:
    """Look as often as the server allows, until there is a key to yield or the code has ended. Raises Failure."""
    every, until = begun.every, time.monotonic() + begun.lasts
    while time.monotonic() < until:
        time.sleep(every)
        status, answer = form(server, "token", grant_type=GRANT, device_code=begun.secret)
        if status == 200:
            yield answer
        word = answer.get("error") if isinstance(answer, dict) else None
        if word == "slow_down":
            every = max(every + 5, float(answer.get("interval", 0)))
        elif word in ENDS:
            raise ENDS[word]
        elif word != "authorization_pending" and status not in LATER:
            raise refusal(status, described(answer))


def sign_out(server: Server, key: str) -> bool:
    """Delete the key on the server if it came from signing in through the browser; whether it did. Raises Failure."""
    if not key.startswith(OURS):
        return False
    status, answer = form(server, "revoke", token=key)
    if status != 200:
        raise refusal(status, described(answer))
    return True
