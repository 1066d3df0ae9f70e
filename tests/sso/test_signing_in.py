"""Signing in with OpenID Connect, against a provider that runs."""

from collections.abc import Callable
from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialApp
from django.test import Client

from rbacadmin.models import AuditEvent
from teams.models import Invitation, Membership, User
from teams.services import update_user
from tests.factories import join
from tests.sso.conftest import SignIn, newcomer
from tests.support import oidc
from tests.world import World


def test_an_invited_person_signs_in_and_is_known_from_then_on(cast: World, sign_in: SignIn, provider: oidc.Provider):
    user = newcomer()
    client = Client()
    answer = sign_in(client, next="/ui/keys/")
    assert (answer.status_code, answer["Location"]) == (302, "/ui/keys/")
    assert client.get("/ui/").context["user"] == user
    user.refresh_from_db()
    assert user.sso_id == "acme-1"
    invitation = Invitation.objects.get(user=user)
    assert invitation.accepted_at
    assert invitation.digest is None
    events = AuditEvent.objects.filter(object_id=str(user.pk)).values_list("event", flat=True)
    assert {"user.identity_added", "session.started"} <= set(events)
    assert not SocialAccount.objects.exists(), "the identity is stored once, on the person"
    provider.person = {"sub": "acme-1", "email": "renamed@example.com", "email_verified": False}
    assert sign_in().wsgi_request.user == user, "by the id, whatever the address has become"


def test_an_identity_that_an_administrator_has_set_signs_in(cast: World, sign_in: SignIn, provider: oidc.Provider):
    update_user(cast.actor("proxy_admin"), cast.member, sso_id="acme-7")
    provider.person = {"sub": "acme-7"}
    assert sign_in().wsgi_request.user == cast.member


def test_a_provider_that_does_not_answer_is_said_plainly(cast: World, provider: oidc.Provider, settings: Any):
    apps = provider.apps
    apps["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:1"
    settings.SOCIALACCOUNT_PROVIDERS = apps
    answer = Client().post("/accounts/sso/")
    assert answer.status_code == 502
    assert "does not answer" in answer.text


def test_the_button_stands_on_the_sign_in_page_where_it_leads_somewhere(
    cast: World, provider: oidc.Provider, settings: Any
):
    assert "Sign in with Acme ID" in Client().get("/accounts/login/").text
    settings.SOCIALACCOUNT_PROVIDERS = {}
    SocialApp.objects.create(provider="openid_connect", provider_id="sso", name="Rows", client_id="x", secret="y")
    assert "/accounts/sso/" not in Client().get("/accounts/login/").text, "a row configures nothing"
    assert Client().post("/accounts/sso/").status_code == 404


def test_it_leads_nowhere_else_afterwards(cast: World, sign_in: SignIn):
    newcomer()
    assert sign_in(next="https://elsewhere.example.com/")["Location"] == "/ui/"


def test_roles_and_teams_follow_the_claims(cast: World, sign_in: SignIn, provider: oidc.Provider, settings: Any):
    user = newcomer()
    settings.SSO_ROLE_MAPPING = {"claim": "groups", "roles": {"auditors": "proxy_admin_viewer"}, "default": None}
    settings.SSO_TEAM_MAPPING = {"claim": "teams"}
    given = join(user, cast.other_team, "user")
    teams = [cast.team.public_id, cast.granted_team.public_id, "no such team", "nul\0"]
    claims = provider.person
    provider.person = {**claims, "groups": ["auditors", "else"], "teams": teams}
    assert sign_in().status_code == 302
    user.refresh_from_db()
    assert user.platform_role == "proxy_admin_viewer"
    held = Membership.objects.filter(user=user, team__isnull=False)
    assert {row.team_id for row in held} == {cast.team.pk, cast.granted_team.pk, cast.other_team.pk}
    event = AuditEvent.objects.get(event="user.updated", object_id=str(user.pk))
    assert (event.actor_label, event.principal, event.door) == ("single sign-on", "sso", "dashboard")
    provider.person = {**claims, "groups": ["auditors", "else"], "teams": [cast.team.public_id]}
    assert sign_in().status_code == 302
    assert {row.team_id for row in held.all()} == {cast.team.pk, given.team_id}, "what people gave stays"
    provider.person = claims
    assert sign_in().status_code == 302
    assert held.all().count() == 2, "a claim that is not there ends nothing"


def test_guards_hold_and_keep_nobody_out(cast: World, sign_in: SignIn, provider: oidc.Provider, settings: Any):
    settings.SSO_ROLE_MAPPING = {"claim": "groups", "roles": {}, "default": "internal_user"}
    User.objects.filter(platform_role="proxy_admin").exclude(pk=cast.proxy_admin.pk).update(blocked_by="platform")
    update_user(cast.actor("proxy_admin"), cast.proxy_admin, sso_id="acme-1")
    provider.person = {**provider.person, "groups": []}
    assert sign_in().status_code == 302
    cast.proxy_admin.refresh_from_db()
    assert cast.proxy_admin.platform_role == "proxy_admin"
    refused = AuditEvent.objects.filter(outcome=AuditEvent.Outcome.REFUSED, event="user.update")
    assert refused.get().details["code"] == "last_admin"


def test_an_administrator_sets_the_identity_on_the_page_of_the_person(cast: World, browser_of: Callable[[str], Client]):
    address = f"/ui/people/{cast.member.pk}/edit/"
    form = {"name": "", "platform_role": cast.member.platform_role}
    assert browser_of("proxy_admin").post(address, {**form, "sso_id": "acme-9"}).status_code == 302
    cast.member.refresh_from_db()
    assert cast.member.sso_id == "acme-9"
    taken = browser_of("proxy_admin").post(
        f"/ui/people/{cast.loner.pk}/edit/", {**form, "platform_role": "internal_user", "sso_id": "acme-9"}
    )
    assert taken.status_code == 422
    assert "already" in taken.text
    assert "acme-9" not in browser_of("member").get(address).text, "an id by which one signs in is no profile"
    assert browser_of("proxy_admin").post(address, {**form, "sso_id": ""}).status_code == 302
    cast.member.refresh_from_db()
    assert cast.member.sso_id is None
