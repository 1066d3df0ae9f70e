"""Four doors, one truth: seed 004 by the command line and by OpenAI's client, and the same seen through every door."""

import json
from collections.abc import Callable
from typing import Any

import openai
import pytest

from rbacctl.failure import Code
from tests.rbacctl.four_doors import GONE, Browser, Picture, Place, of_command_line, of_litellm, of_openai, of_pages
from tests.support.server import Server

pytestmark = pytest.mark.sqlite

OLGA, PETRA, RITA = "olga@four.example", "petra@four.example", "rita@four.example"
HOME, SONGS = "Four", "Songs"


def test_four_doors_show_one_truth_to_three_people(
    signed_in: Callable[..., Any], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets: dict[str, str] = {}

    def as_(name: str) -> Callable[..., Any]:
        def run(*line: str) -> Any:
            monkeypatch.setenv("RBACCTL_API_KEY", secrets[name])
            return signed_in(*line)

        return run

    def says(name: str, *line: str) -> Any:
        found = as_(name)(*line, "-o", "json")
        assert found.exit_code == 0, found.output
        return json.loads(found.stdout)

    def key_for(mail: str) -> str:
        """A key that is bound to nothing, as a person has on their own machine."""
        status, made = server.ask("POST", "/key/generate", {"user_id": mail, "organization_id": None})
        assert status == 200, made
        return str(made["key"])

    # The owner of the organization that is there from the beginning.
    server.ask("POST", "/model/new", {"model_name": "four-large", "litellm_params": {"model": "openai/gpt-4o"}})
    (initial,) = (one for one in server.ask("GET", "/v1/organizations")[1]["organizations"] if one["is_default"])
    owner = {"user_id": OLGA, "role": "ORGANIZATION_ROLE_OWNER"}
    assert server.ask("POST", f"/v1/organizations/{initial['id']}/users", owner)[0] == 200
    secrets["olga"] = key_for(OLGA)

    # Seed 004, line by line.
    home = says("olga", "admin", "organizations", "create", HOME)
    assert HOME in [one["title"] for one in says("olga", "admin", "organizations", "list")]
    for mail in (PETRA, RITA):
        says("olga", "admin", "organizations", "add-member", HOME, "--email", mail, "--role", "reader")
    listed = {one["user_id"]: one["role"] for one in says("olga", "admin", "organizations", "list-members", HOME)}
    assert listed == {OLGA: "ORGANIZATION_ROLE_OWNER"} | dict.fromkeys((PETRA, RITA), "ORGANIZATION_ROLE_READER")
    songs = says("olga", "admin", "projects", "create", "--title", SONGS, "--organization-title", HOME)
    says(
        "olga",
        "admin",
        "projects",
        "add-member",
        SONGS,
        "--organization-title",
        HOME,
        "--email",
        PETRA,
        "--role",
        "owner",
    )
    secrets |= {"petra": key_for(PETRA), "rita": key_for(RITA)}
    says("petra", "context", "set", "--organization-title", HOME, "-p", SONGS)
    mine = says("petra", "auth", "api-keys", "create", "my-key")
    assert (mine["project"]["id"], mine["user"]["id"]) == (songs["id"], PETRA)
    assert as_("petra")("admin", "organizations", "create", "Mine").exit_code == Code.FORBIDDEN
    place = Place(home["id"], songs["id"])

    # The same by OpenAI's client.
    def client(name: str, **context: str) -> openai.OpenAI:
        return openai.OpenAI(
            base_url=f"{server.url}/v1", api_key=secrets[name], admin_api_key=secrets[name],
            organization=home["id"], max_retries=0, _strict_response_validation=True, **context,
        )  # fmt: skip

    clients = {name: client(name) for name in secrets}
    admin = {name: clients[name].admin.organization for name in clients}
    poems = admin["olga"].projects.create(name="Poems")
    admin["olga"].projects.users.create(poems.id, email=PETRA, role="member")
    robot = admin["petra"].projects.service_accounts.create(songs["id"], name="robot")
    limited = admin["olga"].projects.model_permissions.update(songs["id"], mode="allow_list", model_ids=["four-large"])
    assert limited.api_model_ids == ["four-large"]
    with client("petra", project=songs["id"]) as inside:
        assert {model.id for model in inside.models.list()} == {"four-large"}
    assert {one["id"] for one in says("petra", "models", "list")} == {"four-large"}, (
        "the command line names its context"
    )
    for refused in (admin["petra"].projects.create, admin["rita"].projects.create):
        with pytest.raises(openai.PermissionDeniedError):
            refused(name="More")

    # What each of the three sees, through each door.
    pictures: dict[str, dict[str, Picture]] = {}
    for name, mail in (("olga", OLGA), ("petra", PETRA), ("rita", RITA)):
        status, invited = server.ask("POST", "/invitation/new", {"user_id": mail})
        assert status == 200, invited
        browser = Browser(server)
        browser.sign_in(invited["invitation_link"])
        first = of_command_line(as_(name), place)
        keys = first.keys if isinstance(first.keys, dict) else ()
        pictures[name] = {
            "rbacctl": first,
            "openai": of_openai(clients[name], server, place),
            "litellm": of_litellm(server, secrets[name], place, keys),
            "pages": of_pages(browser, place),
        }
    for name, doors in pictures.items():
        for door, picture in doors.items():
            assert picture == doors["rbacctl"], (name, door)
    everything = pictures["olga"]["pages"]
    assert set(everything.projects.values()) == {SONGS, "Poems"}
    assert everything.members == {PETRA: "owner"}
    assert isinstance(everything.keys, dict)
    assert sorted(everything.keys.values()) == sorted(["my-key", robot.api_key.name])
    assert pictures["petra"]["pages"] == everything, "who is in both projects and owns the one sees as much of it"
    assert pictures["rita"]["pages"] == Picture(everything.organization, {}, GONE, GONE)
    for one in clients.values():
        one.close()
