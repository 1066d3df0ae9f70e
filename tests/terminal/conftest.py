"""A terminal that signs in, as it looks from the server."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class Terminal:
    """What `rbacctl auth login` asks, from an address of its own."""

    def __init__(self, ip: str = "198.51.100.9", host: str = "laptop") -> None:
        self.client, self.host, self.begun = Client(REMOTE_ADDR=ip), host, dict[str, Any]()

    def ask(self, name: str, **fields: str) -> Any:
        """The answer of one of the three addresses."""
        return self.client.post(f"/oauth/{name}", "&".join(f"{key}={value}" for key, value in fields.items()),
                                content_type="application/x-www-form-urlencoded")  # fmt: skip

    def begin(self) -> str:
        """Ask to sign in; the code to type."""
        answer = self.ask("device_authorization", client_id="rbacctl", host=self.host)
        assert answer.status_code == 200, answer.content
        self.begun = answer.json()
        return str(self.begun["user_code"])

    def look(self) -> Any:
        """Whether the person has answered."""
        return self.ask("token", client_id="rbacctl", grant_type=GRANT, device_code=self.begun["device_code"])

    def end(self, secret: str) -> Any:
        return self.ask("revoke", client_id="rbacctl", token=secret)


@pytest.fixture
def terminal(db: None) -> Terminal:
    return Terminal()


@pytest.fixture
def signed_in(browser_of: Callable[[str], Client], terminal: Terminal) -> Callable[[str], str]:
    """`signed_in("member")`: the secret of a terminal that this person let in."""

    def sign_in(name: str) -> str:
        sent = {"code": terminal.begin(), "answer": "approve"}
        assert browser_of(name).post("/ui/account/terminal/answer/", sent).status_code == 302
        answer = terminal.look()
        assert answer.status_code == 200, answer.content
        return str(answer.json()["access_token"])

    return sign_in
