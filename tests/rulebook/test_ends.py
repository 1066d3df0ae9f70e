"""Nobody gives longer than they hold, by whichever door (rulebook 11): what each dialect answers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keys.models import Key
from manifests import apply as applying
from manifests import reading
from manifests.apply import Asked
from manifests.errors import Mistaken
from rbacadmin.models import AuditEvent
from teams.models import Membership
from tests.manifests.texts import manifest
from tests.world import World

WORDS = "nobody gives longer than they hold"


@pytest.fixture
def end(cast: World) -> datetime:
    """When the admin of the team and the owner of the project stop being so."""
    moment = timezone.now() + timedelta(days=2)
    rows = Membership.objects.filter(user__in=[cast.team_admin, cast.project_owner]).exclude(team=None, project=None)
    assert rows.update(expires_at=moment) == 2
    return moment


def refusals() -> list[tuple[str, int]]:
    return list(AuditEvent.objects.filter(outcome="refused").order_by("created_at").values_list("event", "status"))


def test_litellm_answers_400_and_names_the_duration(cast: World, api: Any, end: datetime) -> None:
    before, late = Key.objects.count(), {"team_id": str(cast.team.pk), "duration": "30d"}
    for path, duration in (("/key/generate", "30d"), ("/key/generate", "-1"), ("/key/service-account/generate", "3d")):
        answer = api("POST", path, {"team_id": str(cast.team.pk), "duration": duration}, as_="team_admin")
        assert (answer.status_code, WORDS in answer.content.decode()) == (400, True)
    assert api("POST", "/key/generate", late, as_="team_admin").json()["error"]["param"] == "duration"
    assert Key.objects.count() == before
    assert [status for _, status in refusals()] == [400] * 4
    for path in ("/key/generate", "/key/service-account/generate"):
        answer = api("POST", path, {"team_id": str(cast.team.pk)}, as_="team_admin")
        assert datetime.fromisoformat(answer.json()["expires"]) == end
    renewed = api("POST", f"/key/{cast.here.keys['member_team'].token}/regenerate", {}, as_="team_admin")
    assert (renewed.status_code, refusals()[-1]) == (400, ("key.regenerate", 400))


def test_litellm_adds_members_until_then_one_by_one_and_in_bulk(cast: World, api: Any, end: datetime) -> None:
    people = [{"user_email": cast.outsider.email, "role": "admin"}, {"user_email": "hired@example.com", "role": "user"}]
    body = {"team_id": str(cast.team.pk), "member": people}
    assert api("POST", "/team/member_add", body, as_="team_admin").status_code == 200
    added = Membership.objects.filter(team=cast.team, user__email__in=[person["user_email"] for person in people])
    assert set(added.values_list("expires_at", flat=True)) == {end}
    promoted = {"team_id": str(cast.team.pk), "user_id": cast.member.public_id, "role": "admin"}
    answer = api("POST", "/team/member_update", promoted, as_="team_admin")
    assert (answer.status_code, WORDS in answer.content.decode()) == (400, True)
    assert Membership.objects.get(user=cast.member, team=cast.team).role == "user"
    body = {"team_id": str(cast.team.pk), "team_member_permissions": ["/key/info", "/key/generate"]}
    answer = api("POST", "/team/permissions_update", body, as_="team_admin")
    assert (answer.status_code, WORDS in answer.content.decode()) == (400, True)
    assert refusals() == [("member.change", 400), ("team.set_member_permissions", 400)]


def test_llmariners_keys_and_members_end_then(cast: World, api: Any, end: datetime) -> None:
    home = f"/v1/organizations/{cast.organization.public_id}/projects/{cast.project.public_id}"
    made = api("POST", f"{home}/api_keys", {"name": "robot", "is_service_account": True}, as_="project_owner")
    assert made.status_code == 200, made.content
    assert Key.objects.get(alias="robot").expires_at == end
    body = {"user_id": cast.outsider.email, "role": "PROJECT_ROLE_OWNER"}
    assert api("POST", f"{home}/users", body, as_="project_owner").status_code == 200
    assert Membership.objects.get(user=cast.outsider, project=cast.project).expires_at == end


def test_openais_administration_refuses_seconds_beyond_it(cast: World, api: Any, end: datetime) -> None:
    Membership.objects.filter(user=cast.reader, team=None).update(role="org_admin", expires_at=end)
    path, late = "/v1/organization/admin_api_keys", 7 * 24 * 3600
    answer = api("POST", path, {"name": "late", "expires_in_seconds": late}, as_="reader")
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "expires_in_seconds")
    assert api("POST", path, {"name": "fits"}, as_="reader").json()["expires_at"] == int(end.timestamp())
    assert not Key.objects.filter(alias="late").exists()


def test_kubectl_and_apply_are_told_the_same(cast: World, api: Any, end: datetime) -> None:
    spec = {"keyAlias": "late", "teamID": str(cast.team.pk), "duration": "30d"}
    body = {"apiVersion": "auth.litellm.ai/v1alpha1", "kind": "VirtualKey", "metadata": {"name": "late"}, "spec": spec}
    path = "/apis/auth.litellm.ai/v1alpha1/namespaces/litellm/virtualkeys"
    answer = api("POST", path, body, as_="team_admin")
    assert answer.status_code == 422, answer.content
    assert WORDS in answer.json()["message"]
    text = manifest("VirtualKey", "late", **spec)
    with pytest.raises(Mistaken, match=WORDS):
        applying.apply(cast.actor("team_admin"), Asked(reading.read([("late.yaml", text)], {})))
    assert [status for _, status in refusals()] == [400, 400]
    text = manifest("VirtualKey", "fits", **(spec | {"keyAlias": "fits", "duration": "1h"}))
    applying.apply(cast.actor("team_admin"), Asked(reading.read([("fits.yaml", text)], {})))
    assert list(Key.objects.filter(alias__in=["late", "fits"]).values_list("alias", flat=True)) == ["fits"]


@pytest.mark.parametrize("never", [True, False])
def test_the_dashboard_says_it_at_the_form(
    cast: World, browser_of: Callable[[str], Client], end: datetime, never: bool
) -> None:
    browser, team = browser_of("team_admin"), f"/ui/teams/{cast.team.pk}"
    lives = {"alias": "robot", "home": f"team:{cast.team.pk}", "owner": "service", "expires": "" if never else "30"}
    answer = browser.post("/ui/keys/new/", lives)
    found = Key.objects.filter(alias="robot").first()
    assert (found.expires_at if found is not None else None) == (end if never else None)
    assert answer.status_code == (200 if never else 422)
    if never:
        return
    assert WORDS in answer.content.decode()
    answer = browser.post(f"/ui/keys/{cast.here.keys['team_service'].pk}/regenerate/", {"grace": "0"})
    assert (answer.status_code, WORDS in answer.content.decode()) == (400, True)
    row = Membership.objects.get(user=cast.member, team=cast.team)
    answer = browser.post(f"{team}/members/{row.pk}/", {"role": "admin"})
    assert (answer.status_code, WORDS in answer.content.decode()) == (422, True)
    mine = Membership.objects.get(user=cast.team_admin, team=cast.team)
    answer = browser.post(f"{team}/members/{mine.pk}/edit/", {"expires_at": ""})
    assert (answer.status_code, WORDS in answer.content.decode()) == (422, True)
    mine.refresh_from_db()
    assert mine.expires_at == end
