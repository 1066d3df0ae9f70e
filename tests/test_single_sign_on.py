"""Signing in with OpenID Connect, against a provider that runs."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.test import Client
from django.utils import timezone

from rbacadmin.models import AuditEvent
from teams.models import Invitation, Membership, User
from teams.services import block_users, update_user
from tests.factories import UserFactory, join
from tests.support import oidc
from tests.world import World, invited

SignIn = Callable[..., Any]


@pytest.fixture(scope="module")
def server() -> Iterator[oidc.Provider]:
    with oidc.running() as provider:
        yield provider


@pytest.fixture
def provider(server: oidc.Provider, settings: Any) -> oidc.Provider:
    server.twisted, server.userinfo, server.header, server.algorithm = {}, {}, {"kid": "first"}, "RS256"
    server.signing_key, server.named_issuer = server.key, server.issuer
    server.person = {"sub": "acme-1", "email": "ann@example.com", "email_verified": True}
    settings.SOCIALACCOUNT_PROVIDERS = server.apps
    return server


def to_provider(client: Client, **sent: str) -> str:
    """Where the sign-in page leads."""
    page = client.post("/accounts/sso/", sent)
    assert page.status_code == 200, page.content
    found = re.search(r'content="0;url=([^"]+)"', page.text)
    assert found
    return unescape(found[1])


def way_back(address: str) -> str:
    """Where the provider sends the browser once the person has said yes there."""
    answer = requests.get(address, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


@pytest.fixture
def sign_in(db: None, provider: oidc.Provider) -> SignIn:
    """The whole way there and back; the answer to the last step."""

    def go(client: Client | None = None, **sent: str) -> Any:
        client = client or Client()
        return client.get(way_back(to_provider(client, **sent)))

    return go


def newcomer(**values: Any) -> User:
    """Somebody who was invited and has never been here."""
    user = UserFactory(email="ann@example.com", **values)
    user.set_unusable_password()
    user.save()
    invited(user)
    return user


def assert_refused(answer: Any, why: str) -> None:
    assert answer.status_code == 403, answer.content
    assert "You were not signed in" in answer.text
    assert "_auth_user_id" not in answer.wsgi_request.session
    event = AuditEvent.objects.filter(event="session.start").latest("created_at")
    assert (event.outcome, event.status) == (AuditEvent.Outcome.REFUSED, 401)
    assert why in event.details["why"], event.details
    assert oidc.SECRET not in str(event.details)


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


def test_nobody_is_matched_by_an_address_alone(cast: World, sign_in: SignIn, provider: oidc.Provider):
    """Whoever has been here, by whatever door, is no newcomer: the provider's word on an address opens nothing."""
    user = newcomer(last_login=timezone.now())
    assert_refused(sign_in(), "nobody here")
    user.last_login = None
    user.set_password("a password of their own")
    user.save()
    assert_refused(sign_in(), "nobody here")
    user.refresh_from_db()
    assert user.sso_id is None
    assert Invitation.objects.get(user=user).accepted_at is None


@pytest.mark.parametrize("invitation", ["none", "expired", "accepted"])
def test_without_a_living_invitation_there_is_no_first_sign_in(cast: World, sign_in: SignIn, invitation: str):
    user = newcomer()
    past = timezone.now() - timedelta(minutes=1)
    change = {"none": {}, "expired": {"expires_at": past}, "accepted": {"accepted_at": past}}[invitation]
    rows = Invitation.objects.filter(user=user)
    rows.update(**change) if change else rows.delete()
    assert_refused(sign_in(), "nobody here")


@pytest.mark.parametrize("verified", [False, None, "false", "yes", 1])
def test_an_address_that_is_not_verified_opens_nothing(
    cast: World, sign_in: SignIn, provider: oidc.Provider, verified: Any
):
    newcomer()
    provider.person["email_verified"] = verified
    assert_refused(sign_in(), "nobody here")


def test_an_unknown_identity_makes_no_account(cast: World, sign_in: SignIn):
    before = User.objects.count()
    assert_refused(sign_in(), "nobody here")
    assert User.objects.count() == before


def test_a_blocked_person_does_not_get_in(cast: World, sign_in: SignIn, provider: oidc.Provider):
    update_user(cast.actor("proxy_admin"), cast.member, sso_id="acme-1")
    block_users(cast.actor("proxy_admin"), [cast.member])
    assert_refused(sign_in(), "blocked")


@pytest.mark.parametrize(
    "twist",
    [
        {"aud": "another-client"},
        {"aud": [oidc.CLIENT, "another-client"], "azp": "another-client"},
        {"iss": "https://elsewhere.example.com"},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": None},
        {"sub": None},
    ],
    ids=lambda twist: "-".join(f"{name}:{value}" for name, value in twist.items()),
)
def test_a_token_for_or_of_somebody_else_is_refused(
    cast: World, sign_in: SignIn, provider: oidc.Provider, twist: dict[str, Any]
):
    newcomer()
    provider.twisted = twist
    assert_refused(sign_in(), "The token was")


def test_a_token_with_another_nonce_is_refused(cast: World, sign_in: SignIn, provider: oidc.Provider):
    newcomer()
    provider.twisted = {"nonce": "of another sign-in"}
    assert_refused(sign_in(), "another sign-in's token")


def test_a_bad_signature_is_refused_though_it_came_from_the_provider(
    cast: World, sign_in: SignIn, provider: oidc.Provider
):
    newcomer()
    provider.signing_key = oidc.new_key()
    assert_refused(sign_in(), "The token was refused")


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
def test_an_algorithm_that_anybody_can_use_is_refused(
    cast: World, sign_in: SignIn, provider: oidc.Provider, algorithm: str
):
    newcomer()
    provider.algorithm, provider.signing_key = algorithm, (oidc.SECRET if algorithm == "HS256" else None)  # type: ignore[assignment]
    assert_refused(sign_in(), "The token was refused")


def test_an_unknown_key_is_refused(cast: World, sign_in: SignIn, provider: oidc.Provider):
    newcomer()
    provider.header = {"kid": "second"}
    assert_refused(sign_in(), "The token was refused")


def test_a_userinfo_about_somebody_else_is_refused(cast: World, sign_in: SignIn, provider: oidc.Provider):
    newcomer()
    provider.userinfo = {"sub": "acme-2", "email": "ann@example.com", "email_verified": True}
    assert_refused(sign_in(), "The userinfo")


def test_what_is_signed_wins_over_the_userinfo(cast: World, sign_in: SignIn, provider: oidc.Provider):
    newcomer()
    provider.person["email_verified"] = False
    provider.userinfo = {"email_verified": True}
    assert_refused(sign_in(), "nobody here")


def test_a_state_works_once_and_in_its_own_browser_only(cast: World, provider: oidc.Provider):
    newcomer()
    client = Client()
    back = way_back(to_provider(client))
    assert_refused(Client().get(back), "")
    assert client.get(back).status_code == 302
    client.logout()
    assert_refused(client.get(back), "")
    assert_refused(client.get("/accounts/sso/callback/?code=x&state=invented"), "")
    assert_refused(client.get("/accounts/sso/callback/"), "")


def test_a_discovery_document_of_another_issuer_is_refused(cast: World, provider: oidc.Provider):
    provider.named_issuer = "https://elsewhere.example.com"
    answer = Client().post("/accounts/sso/")
    assert answer.status_code == 502


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


def test_an_address_that_tries_too_often_waits(cast: World, provider: oidc.Provider):
    for _ in range(30):
        Client().get("/accounts/sso/callback/")
    answer = Client().get("/accounts/sso/callback/")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_roles_and_teams_follow_the_claims(cast: World, sign_in: SignIn, provider: oidc.Provider, settings: Any):
    user = newcomer()
    settings.SSO_ROLE_MAPPING = {"claim": "groups", "roles": {"auditors": "proxy_admin_viewer"}, "default": None}
    settings.SSO_TEAM_MAPPING = {"claim": "teams"}
    given = join(user, cast.other_team, "user")
    teams = [cast.team.public_id, cast.granted_team.public_id, "no such team", "nul\0"]
    provider.person |= {"groups": ["auditors", "else"], "teams": teams}
    assert sign_in().status_code == 302
    user.refresh_from_db()
    assert user.platform_role == "proxy_admin_viewer"
    held = Membership.objects.filter(user=user, team__isnull=False)
    assert {row.team_id for row in held} == {cast.team.pk, cast.granted_team.pk, cast.other_team.pk}
    event = AuditEvent.objects.get(event="user.updated", object_id=str(user.pk))
    assert (event.actor_label, event.principal, event.door) == ("single sign-on", "sso", "dashboard")
    provider.person["teams"] = [cast.team.public_id]
    assert sign_in().status_code == 302
    assert {row.team_id for row in held.all()} == {cast.team.pk, given.team_id}, "what people gave stays"
    del provider.person["teams"], provider.person["groups"]
    assert sign_in().status_code == 302
    assert held.all().count() == 2, "a claim that is not there ends nothing"


def test_guards_hold_and_keep_nobody_out(cast: World, sign_in: SignIn, provider: oidc.Provider, settings: Any):
    settings.SSO_ROLE_MAPPING = {"claim": "groups", "roles": {}, "default": "internal_user"}
    User.objects.filter(platform_role="proxy_admin").exclude(pk=cast.proxy_admin.pk).update(blocked_by="platform")
    update_user(cast.actor("proxy_admin"), cast.proxy_admin, sso_id="acme-1")
    provider.person["groups"] = []
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
