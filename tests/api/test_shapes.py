"""Every answer fits the response model that OpenAPI shows, for everybody who gets one."""

from typing import Any

import pytest
from django.db import connection

from api.litellm.routes import ROUTES
from gateway.models import CatalogModel
from tests.api.examples import READS, WRITES
from tests.factories import KeyFactory
from tests.matrix.judging import undone
from tests.support.cells import cells
from tests.world import invited

PEOPLE = ("proxy_admin", "auditor", "org_admin", "reader", "team_admin", "member", "granted", "loner", "viewer")
ON_BOTH = ("proxy_admin", "org_admin", "member")  # on PostgreSQL; everybody on SQLite
FIXED = {route.path: route for route in ROUTES}


def ids_of(cast: Any) -> dict[str, str]:
    invitation, link = invited(cast.colleague, cast.team)
    return {
        "invitation": invitation.public_id,
        "invited": cast.colleague.email,
        "link": link,
        "organization": cast.organization.public_id,
        "team": cast.team.public_id,
        "project": cast.project.public_id,
        "organization_id": cast.organization.public_id,
        "team_id": cast.team.public_id,
        "colleague": cast.project_colleague.email,
        "project_id": cast.project.public_id,
        "user_id": cast.member.email,
        "model": cast.catalog["here_team"].public_id,
        "model_id": cast.catalog["here_team"].public_id,
        "access_group": "fast",
        "budget": "standard",
        "customer": "shopper",
        "id": "00000000-0000-0000-0000-000000000000",  # of the audit log, which is empty
    }


def address(path: str, cast: Any) -> str:
    """The path with ids in it, and its query."""
    return (path.replace("/models/{model_id}", "/models/gpt-4o") + READS.get(path, "")).format(**ids_of(cast))


@pytest.mark.parametrize("path", [route.path for route in ROUTES if "GET" in route.methods])
def test_reads_fit_their_model(api: Any, cast: Any, path: str) -> None:
    url = address(path, cast)
    with cells() as tried:
        for name in PEOPLE if connection.vendor == "sqlite" else ON_BOTH:
            with tried.cell(name):
                answer = api("GET", url, as_=name)
                assert answer.status_code in (200, 403, 404)
                if answer.status_code == 200 and not FIXED[path].media:
                    FIXED[path].response.model_validate(answer.json())
                elif answer.status_code == 200:
                    assert answer["Content-Type"] in FIXED[path].media
                elif answer.status_code == 403:
                    told = answer.json()
                    assert "decision" in told.get(FIXED[path].envelope, told)


# What a person does for themselves only, so that no administrator is a good example: see test_accounts.py.
PERSONAL = {"/user/password/change"}
GATEWAYS = {"/gateway/usage"}  # SPD-06: only the gateway's own credential


def test_every_write_has_an_example() -> None:
    assert set(WRITES) | PERSONAL == {route.path for route in ROUTES if "GET" not in route.methods}


def filled(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, str):
        return value.format(**ids)
    if isinstance(value, list):
        return [filled(item, ids) for item in value]
    return {name: filled(item, ids) for name, item in value.items()} if isinstance(value, dict) else value


@pytest.fixture
def writer(api: Any, master: Any) -> Any:
    """Who may do the write of a path: the gateway's credential where it alone may, else the master key."""
    credential = KeyFactory(kind="gateway", user=None).secret

    def write(path: str, method: str, *asked: Any) -> Any:
        return api(method, *asked, token=credential) if path in GATEWAYS else master(method, *asked)

    return write


@pytest.mark.parametrize("path", WRITES)
def test_writes_fit_their_model_under_every_method(writer: Any, cast: Any, path: str) -> None:
    CatalogModel.objects.create(name="priced", input_price=10**9)
    for method in FIXED[path].methods:
        key = KeyFactory(user=cast.member, organization=cast.organization)
        ids = {**ids_of(cast), "key": key.token, "person": cast.member.email}
        body = filled(WRITES[path], ids)
        if method != FIXED[path].methods[0] and "key_alias" in body:
            body["key_alias"] += method
        with undone():  # what the first method deleted is there for the second
            answer = writer(path, method, path.format(**ids), body)
        assert answer.status_code == 200, answer.content
        FIXED[path].response.model_validate(answer.json())


CREATING = ("/key/regenerate", "/key/{key}/regenerate", "/key/generate", "/key/service-account/generate", "/user/new")


@pytest.mark.sqlite
@pytest.mark.parametrize("path", [path for path in WRITES if path not in CREATING])
def test_no_answer_but_the_creating_one_holds_a_secret(master: Any, cast: Any, path: str) -> None:
    key = KeyFactory(user=cast.member, organization=cast.organization)
    ids = {**ids_of(cast), "key": key.secret, "person": cast.member.email}
    answer = master(FIXED[path].methods[0], path.format(**ids), filled(WRITES[path], ids)).content.decode()
    others = [secret for secret in cast.secrets.values() if secret in answer]
    assert not others
    if path != "/key/delete":  # which says what it was told; the secret opens nothing any more
        assert key.secret not in answer


def test_a_reader_of_the_organization_gets_its_name_and_themselves(api: Any, cast: Any) -> None:
    info = api("GET", f"/organization/info?organization_id={cast.organization.public_id}", as_="reader").json()
    assert set(info) == {"organization_id", "organization_alias", "members", "teams"}
    assert [member["user_id"] for member in info["members"]] == [cast.reader.public_id]
    assert info["teams"] == []


def test_a_member_of_a_team_gets_its_basics_and_themselves(api: Any, cast: Any) -> None:
    info = api("GET", f"/team/info?team_id={cast.team.public_id}", as_="member").json()
    assert not {"max_budget", "spend", "metadata", "rpm_limit"} & set(info["team_info"])
    assert [member["user_id"] for member in info["team_info"]["members_with_roles"]] == [cast.member.public_id]
    assert {row["user_id"] for row in info["keys"]} == {cast.member.public_id}


def test_the_spend_of_other_peoples_keys_is_null(api: Any, cast: Any) -> None:
    key = cast.keys["colleague_team"]
    assert api("GET", f"/key/info?key={key.token}", as_="member").json()["info"]["spend"] is None
    assert api("GET", f"/key/info?key={key.token}", as_="team_admin").json()["info"]["spend"] == 0.0
    own = cast.keys["member_team"]
    assert api("GET", f"/key/info?key={own.token}", as_="member").json()["info"]["spend"] == 0.0


STYLES = {
    "size": {"total_count", "current_page", "total_pages"},
    "page_size": {"total", "page", "page_size", "total_pages"},
    "links": {"meta", "links"},
}


@pytest.mark.sqlite
@pytest.mark.parametrize("route", [route for route in ROUTES if route.page], ids=lambda route: route.path)
def test_lists_are_cut_in_the_style_of_the_table(master: Any, cast: Any, route: Any) -> None:
    query = READS.get(route.path, "").format(**ids_of(cast))
    answer = master(route.methods[0], route.path + query).json()
    if route.page == "array":
        assert isinstance(answer, list)
    else:
        assert STYLES[route.page] < set(answer)
