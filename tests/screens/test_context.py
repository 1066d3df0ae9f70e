"""Choosing where one works: narrows lists, fills in forms, gives nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from teams.models import Membership
from tests.world import World

Browser = Callable[[str], Client]


def choose(client: Client, scope: Any) -> Client:
    wanted = f"{scope.kind}:{scope.pk}" if scope else ""
    assert client.post("/ui/context/?next=/ui/keys/", {"scope": wanted})["Location"] == "/ui/keys/"
    return client


def shown(client: Client, path: str) -> set[Any]:
    return {row.pk for row in client.get(path).context["page"].items}


@pytest.mark.parametrize("path", ["/ui/teams/", "/ui/projects/", "/ui/keys/", "/ui/people/"])
def test_lists_are_narrowed_and_a_link_widens_them(cast: World, browser_of: Browser, path: str):
    client = browser_of("proxy_admin")
    everything = shown(client, path)
    choose(client, cast.there.organization)
    answer = client.get(path)
    inside = shown(client, path)
    assert inside
    assert inside != everything
    assert "scope=all" in answer.text
    assert "show everything instead" in answer.text
    assert shown(client, f"{path}?scope=all") == everything
    assert "Only in globex" in client.get(f"{path}?scope=all").text
    exported = client.get(f"{path}?format=csv")
    lines = b"".join(exported.streaming_content).decode().strip().splitlines()
    assert len(lines) == len(inside) + 1
    choose(client, None)
    assert shown(client, path) == everything


def test_a_project_narrows_keys_and_members_to_itself(cast: World, browser_of: Browser):
    client = choose(browser_of("org_admin"), cast.project)
    assert {row.project_id for row in client.get("/ui/keys/").context["page"].items} == {cast.project.pk}
    assert shown(client, "/ui/people/") == set(
        Membership.objects.filter(project=cast.project).values_list("user", flat=True)
    )
    assert cast.other_project.pk in shown(client, "/ui/projects/")


def test_forms_begin_where_one_works_if_one_may_make_things_there(cast: World, browser_of: Browser):
    client = choose(browser_of("proxy_admin"), cast.organization)
    assert client.get("/ui/teams/new/").context["form"].initial["organization"] == str(cast.organization.pk)
    assert client.get("/ui/projects/new/").context["form"].initial["organization"] == str(cast.organization.pk)
    assert client.get("/ui/people/new/").context["form"].initial["organization"] == str(cast.organization.pk)
    assert client.get("/ui/keys/new/").context["form"].initial["home"] == f"organization:{cast.organization.pk}"
    choose(client, cast.project)
    assert client.get("/ui/keys/new/").context["form"].initial["home"] == f"project:{cast.project.pk}"
    reader = choose(browser_of("reader"), cast.organization)
    assert reader.get("/ui/keys/new/").status_code == 200


def test_projects_are_offered_beneath_their_organizations(cast: World, browser_of: Browser) -> None:
    form = browser_of("org_admin").get("/ui/context/").context["form"]
    (_everything, _words), (organization, inside) = form.fields["scope"].choices
    assert organization == cast.organization.label
    assert inside[0][0] == f"organization:{cast.organization.pk}"
    assert {value for value, _label in inside[1:]} == {
        f"project:{one.pk}" for one in (cast.project, cast.other_project)
    }
    member = browser_of("project_member").get("/ui/context/").context["form"].fields["scope"].choices
    assert [value for _group, offered in member[1:] for value, _label in offered] == [
        f"organization:{cast.organization.pk}",
        f"project:{cast.project.pk}",
    ]


def test_where_there_are_more_than_a_list_holds_one_types_the_name(
    cast: World, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.places.OFFERED", 1)
    client = browser_of("org_admin")
    assert "<datalist" in client.get("/ui/context/").text
    assert client.post("/ui/context/", {"scope": f"project: {cast.other_project.label}"}).status_code == 302
    assert client.get("/ui/keys/").context["chosen_scope"] == cast.other_project
    assert client.post("/ui/context/", {"scope": cast.there.project.label}).status_code == 422
    assert client.post("/ui/context/", {"scope": ""}).status_code == 302
    assert client.get("/ui/keys/").context["chosen_scope"] is None


def test_the_header_names_the_organization_and_the_project(cast: World, browser_of: Browser) -> None:
    client = choose(browser_of("project_owner"), cast.project)
    for path in ("/ui/", "/ui/keys/", "/ui/context/"):
        assert f"You work in {cast.organization.label} / {cast.project.label}: change" in client.get(path).text
    client.post("/accounts/logout/")
    client = browser_of("project_owner")
    assert "You work everywhere: change" in client.get("/ui/").text, "a session remembers, and no longer"


def test_what_one_may_not_see_cannot_be_chosen(cast: World, browser_of: Browser):
    client = browser_of("member")
    wanted = f"organization:{cast.there.organization.pk}"
    assert client.post("/ui/context/", {"scope": wanted}).status_code == 422
    assert "globex" not in client.get("/ui/context/").text


@pytest.mark.parametrize("wish", ["organization:x", "organization:", "team:1", "nothing", "project:\0"])
def test_a_wish_is_asked_about_anew_at_each_request(cast: World, browser_of: Browser, wish: str):
    client = choose(browser_of("project_member"), cast.project)
    assert "acme research" in client.get("/ui/").text
    Membership.objects.filter(user=cast.project_member, project=cast.project).delete()
    answer = client.get("/ui/keys/")
    assert answer.context["chosen_scope"] is None
    assert "show everything instead" not in answer.text
    session = client.session
    session["context"] = wish
    session.save()
    assert client.get("/ui/keys/").status_code == 200
