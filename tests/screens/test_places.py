"""Choosing a scope where there are more than a list holds: by name or id, and never one that is not one's own."""

from collections.abc import Callable

import pytest
from django.test import Client

from dashboard import places
from keys.models import Key
from teams.models import Team
from tests.factories import OrganizationFactory, TeamFactory
from tests.world import World

Browser = Callable[[str], Client]


@pytest.fixture
def many(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list holds one."""
    monkeypatch.setattr(places, "OFFERED", 1)


def home_of(browser: Client, home: str) -> tuple[int, str]:
    """Make a key there; the status, and where it lives or what was wrong."""
    answer = browser.post("/ui/keys/new/", {"alias": "placed", "home": home, "owner": "me", "expires": "90"})
    if answer.status_code == 422:
        return 422, " ".join(answer.context["form"].errors.get("home", ["?"]))
    key = Key.objects.select_related("team", "project").get(alias="placed")
    label = (key.team or key.project).label if key.team or key.project else ""
    key.delete()
    return answer.status_code, label


def test_a_place_is_typed_by_name_or_id(cast: World, browser_of: Browser, many: None) -> None:
    browser = browser_of("org_admin")
    page = browser.get("/ui/keys/new/").content.decode()
    assert 'list="home-suggested"' in page
    assert '<datalist id="home-suggested"><option value="team: ' in page
    wanted = cast.team.label
    for home in (
        wanted,
        wanted.upper(),
        f"team: {wanted}",
        f"team:{wanted}",
        str(cast.team.pk),
        f"team:{cast.team.pk}",
    ):
        assert home_of(browser, home)[1] == wanted, home
    assert home_of(browser, cast.project.label)[1] == cast.project.label
    assert home_of(browser, "")[1] == ""


def test_a_place_that_is_not_ones_own_is_none(cast: World, browser_of: Browser, many: None) -> None:
    browser = browser_of("org_admin")
    for home in (cast.there.team.label, str(cast.there.team.pk), f"team:{cast.there.team.pk}", "nowhere", "team:"):
        assert home_of(browser, home)[0] == 422, home
    TeamFactory(alias="twice", organization=cast.organization)
    TeamFactory(alias="twice", organization=cast.there.organization)
    assert home_of(browser, "twice") == (200, "twice"), "they see one"
    assert "give the id" in home_of(browser_of("proxy_admin"), "twice")[1]


def test_what_was_chosen_before_reads_as_its_name(cast: World, browser_of: Browser, many: None) -> None:
    page = browser_of("org_admin").get(f"/ui/keys/new/?team={cast.other_team.pk}").content.decode()
    assert f'value="team: {cast.other_team.label}"' in page


def test_teams_people_and_projects_are_put_into_an_organization_by_name(
    cast: World, browser_of: Browser, many: None
) -> None:
    root = browser_of("proxy_admin")
    name = cast.organization.label
    root.post("/ui/teams/new/", {"alias": "typed", "organization": name})
    assert Team.objects.get(alias="typed").organization_id == cast.organization.pk
    root.post("/ui/projects/new/", {"alias": "typed", "organization": name.upper()})
    assert cast.organization.projects.filter(alias="typed").exists()
    root.post("/ui/people/new/", {"email": "typed@example.com", "organization": name, "platform_role": "internal_user"})
    assert cast.organization.memberships.filter(user__email="typed@example.com").exists()


@pytest.mark.parametrize("path", ["/ui/teams/", "/ui/projects/", "/ui/people/"])
def test_a_list_is_narrowed_to_a_name_that_no_list_holds(
    cast: World, browser_of: Browser, many: None, path: str
) -> None:
    OrganizationFactory()
    root = browser_of("proxy_admin")
    by_id = root.get(path, {"in": str(cast.organization.pk)}).context["page"].items
    assert by_id
    assert root.get(path, {"in": cast.organization.label.upper()}).context["page"].items == by_id
    assert root.get(path, {"in": "no such organization"}).context["page"].items == []
    assert 'list="suggested-in"' in root.get(path).content.decode()


def test_a_short_list_is_a_list(cast: World, browser_of: Browser) -> None:
    page = browser_of("org_admin").get("/ui/keys/new/").content.decode()
    assert "datalist" not in page
    assert '<select name="home"' in page
