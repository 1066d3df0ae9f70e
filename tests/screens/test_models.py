"""The screens of models: the catalog as each may see it, the credential that is never shown, and a team's own."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gateway import credentials
from gateway.models import CatalogModel
from keys.models import Key
from rbacadmin.models import AuditEvent
from teams.models import Team
from tests.world import World

Browser = Callable[[str], Client]
SECRET = "sk-provider-0123456789"


def url(name: str, model: CatalogModel) -> str:
    return reverse(name, args=[model.pk])


def new(browser: Client, **fields: str) -> Any:
    return browser.post("/ui/models/new/", {"name": "fresh", "model": "openai/gpt-4o", **fields})


def listed(browser: Client, query: str = "") -> list[str]:
    return [model.name for model in browser.get(f"/ui/models/?{query}").context["models"]]


def test_everybody_sees_what_they_may_use_and_what_their_teams_brought(cast: World, browser_of: Browser) -> None:
    assert {"gpt-4o", "claude", "acme core llama"} <= set(listed(browser_of("member")))
    assert "o3" not in listed(browser_of("member")), "the organization does not allow it"
    assert not any("globex" in name for name in listed(browser_of("org_admin")))
    assert listed(browser_of("loner")) == []
    assert set(CatalogModel.objects.values_list("name", flat=True)) == set(listed(browser_of("auditor")))


def test_the_list_is_searched_and_filtered_by_owner_and_state(cast: World, browser_of: Browser) -> None:
    browser = browser_of("proxy_admin")
    CatalogModel.objects.filter(name="o3").update(blocked=True)
    assert listed(browser, "q=llama&owner=team") == sorted(
        model.name for name, model in cast.catalog.items() if "team" in name
    )
    assert listed(browser, "state=blocked") == ["o3"]
    assert listed(browser, "owner=platform&state=active") == ["claude", "gpt-4o"]
    assert listed(browser, "owner=project") == []


def test_a_platform_admin_adds_one_for_everybody(cast: World, browser_of: Browser) -> None:
    sent = {"credential": SECRET, "input_price": "2.5", "output_price": "10", "rpm_limit": "600"}
    answer = new(browser_of("proxy_admin"), **sent)
    model = CatalogModel.objects.get(name="fresh")
    assert answer["Location"] == url("model-detail", model)
    assert (model.team, model.organization, model.input_price, model.rpm_limit) == (None, None, 2_500_000_000, 600)
    assert model.params == {"model": "openai/gpt-4o"}
    assert credentials.unseal(model.credential, model.pk) == {"api_key": SECRET}


def test_a_credential_is_never_shown_again(cast: World, browser_of: Browser) -> None:
    browser = browser_of("proxy_admin")
    new(browser, credential=SECRET)
    model = CatalogModel.objects.get(name="fresh")
    for name in ("model-detail", "model-edit", "model-history"):
        assert SECRET not in browser.get(url(name, model)).content.decode()
    refused = new(browser, credential=SECRET)
    assert refused.status_code == 422
    assert SECRET not in refused.content.decode()
    assert "********" in browser.get(url("model-detail", model)).content.decode()


def test_an_empty_credential_keeps_what_is_stored(cast: World, browser_of: Browser) -> None:
    browser = browser_of("proxy_admin")
    new(browser, credential=SECRET, api_version="v1")
    model = CatalogModel.objects.get(name="fresh")
    sent = {"name": "fresh", "model": "openai/gpt-4o", "api_version": "", "input_price": "1"}
    assert browser.post(url("model-edit", model), sent).status_code == 302
    model.refresh_from_db()
    assert credentials.unseal(model.credential, model.pk) == {"api_key": SECRET}
    assert (model.params, model.input_price) == ({"model": "openai/gpt-4o"}, 1_000_000_000)
    browser.post(url("model-edit", model), {**sent, "credential": "another"})
    model.refresh_from_db()
    assert credentials.unseal(model.credential, model.pk) == {"api_key": "another"}


def test_a_team_admin_brings_one_for_the_team_and_for_nobody_else(cast: World, browser_of: Browser) -> None:
    browser, here = browser_of("team_admin"), f"team:{cast.team.pk}"
    form = browser.get(f"/ui/models/new/?team={cast.team.pk}").context["form"]
    assert ([value for value, _ in form.fields["home"].choices], form.initial["home"]) == ([here], here)
    assert new(browser, home=here, credential=SECRET).status_code == 302
    assert CatalogModel.objects.get(name="fresh").team == cast.team
    assert new(browser, name="for all").status_code == 403, "for the platform"
    assert new(browser, name="for all", home=f"team:{cast.other_team.pk}").status_code == 422
    assert not CatalogModel.objects.filter(name="for all").exists()
    assert "fresh" in browser.get(reverse("team-models", args=[cast.team.pk])).content.decode()


def test_a_broken_rule_is_said_next_to_its_field(cast: World, browser_of: Browser) -> None:
    browser, here = browser_of("team_admin"), f"team:{cast.team.pk}"
    inside = new(browser, home=here, api_base="http://10.0.0.1/v1")
    assert "api_base" in inside.context["form"].errors
    taken = new(browser, home=here, name="fast")
    assert "name" in taken.context["form"].errors
    assert not CatalogModel.objects.filter(name="fresh").exists()


@pytest.mark.parametrize("name", ["member", "auditor"])
def test_who_may_not_change_is_offered_nothing_and_refused(cast: World, browser_of: Browser, name: str) -> None:
    model, browser = cast.catalog["here_team"], browser_of(name)
    page = browser.get(url("model-detail", model)).content.decode()
    for verb in ("model-edit", "model-block", "model-test", "model-delete"):
        assert url(verb, model) not in page
        assert browser.post(url(verb, model), {"name": "x", "typed": model.name}).status_code == 403
    assert CatalogModel.objects.get(pk=model.pk).blocked is False


def test_an_org_admin_does_not_change_what_the_platform_gave_the_organization(cast: World, browser_of: Browser) -> None:
    model = CatalogModel.objects.create(name="given", organization=cast.organization)
    browser = browser_of("org_admin")
    assert url("model-edit", model) not in browser.get(url("model-detail", model)).content.decode()
    assert browser.get(url("model-edit", model)).status_code == 403
    assert browser.post(url("model-block", model)).status_code == 403


def test_how_a_model_is_called_is_for_those_who_run_its_team(cast: World, browser_of: Browser) -> None:
    model = cast.catalog["here_team"]
    CatalogModel.objects.filter(pk=model.pk).update(params={"api_base": "https://llama.example.com"})
    assert "llama.example.com" in browser_of("team_admin").get(url("model-detail", model)).content.decode()
    assert "llama.example.com" not in browser_of("member").get(url("model-detail", model)).content.decode()
    answer = browser_of("member").get("/ui/models/?format=csv")
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode()))}
    assert (rows[model.name]["upstream"], rows[model.name]["created"]) == ("", "")


def test_blocking_and_unblocking(cast: World, browser_of: Browser) -> None:
    model, browser = cast.catalog["here_team"], browser_of("team_admin")
    browser.post(url("model-block", model))
    assert CatalogModel.objects.get(pk=model.pk).blocked is True
    assert url("model-unblock", model) in browser.get(url("model-detail", model)).content.decode()
    browser.post(url("model-unblock", model))
    assert CatalogModel.objects.get(pk=model.pk).blocked is False
    assert AuditEvent.objects.filter(event="model.blocked", object_id=str(model.pk)).exists()


def test_deleting_takes_the_typed_name_and_no_group_that_has_it(cast: World, browser_of: Browser) -> None:
    claude, browser = cast.catalog["claude"], browser_of("proxy_admin")
    assert browser.post(url("model-delete", claude), {"typed": "x"}).status_code == 422
    held = browser.post(url("model-delete", claude), {"typed": "claude"})
    assert held.status_code == 409
    assert "In use by the access groups: fast." in held.content.decode()
    assert browser.post(url("model-delete", cast.catalog["o3"]), {"typed": "o3"}).status_code == 302
    assert set(CatalogModel.objects.filter(name__in=["claude", "o3"]).values_list("name", flat=True)) == {"claude"}


def test_uses_are_told_as_far_as_one_may_read_the_lists(cast: World, browser_of: Browser) -> None:
    mine, theirs = cast.here.keys["colleague_team"], cast.there.keys["colleague_team"]
    Key.objects.filter(pk__in=[mine.pk, theirs.pk]).update(models=["gpt-4o"])
    Team.objects.filter(pk=cast.team.pk).update(models=["gpt-4o"])

    def uses(name: str) -> dict[str, list[str]]:
        found = browser_of(name).get(url("model-detail", cast.catalog["gpt-4o"])).context["uses"]
        return {use.kind: [label for label, _ in use.rows] for use in found}

    assert uses("outsider") == {}, "of the organization, but of another team"
    assert uses("team_admin") == {"teams": [cast.team.label], "keys": [mine.label]}
    assert len(uses("proxy_admin")["keys"]) == 2
    shown = {
        model.name: getattr(model, "uses", None)
        for model in browser_of("team_admin").get("/ui/models/").context["models"]
    }
    assert shown["gpt-4o"] == 2
    assert shown["acme core llama"] is None


def test_names_are_shown_harmlessly(cast: World, browser_of: Browser) -> None:
    name = '<img src=x onerror="x">\u202e😀'
    new(browser_of("proxy_admin"), name=name)
    for page in ("/ui/models/", url("model-detail", CatalogModel.objects.get(name=name))):
        assert "<img src=x" not in browser_of("proxy_admin").get(page).content.decode()


def test_a_test_call_says_how_it_went_and_is_on_record(cast: World, browser_of: Any) -> None:
    browser = browser_of("proxy_admin")
    new(browser, model="mock/echo")
    model = CatalogModel.objects.get(name="fresh")
    page = browser.post(url("model-test", model), follow=True).content.decode()
    assert "It answered in" in page
    event = AuditEvent.objects.get(event="model.tested")
    assert (event.object_id, event.details["answered"]) == (str(model.pk), True)


def test_a_test_call_that_fails_says_why_and_no_secret(cast: World, browser_of: Any) -> None:
    browser = browser_of("proxy_admin")
    new(browser, api_base="http://127.0.0.1:9/v1", credential=SECRET)
    model = CatalogModel.objects.get(name="fresh")
    page = browser.post(url("model-test", model), follow=True).content.decode()
    assert "The provider cannot be reached." in page
    assert SECRET not in page
    assert AuditEvent.objects.get(event="model.tested").details["answered"] is False
