"""Single sign-on with OpenID Connect: away to the provider and back, trusting nothing that is not signed.

allauth speaks the protocol (authorization code, state, PKCE). What is asked here besides: a nonce, the issuer that
was configured, and a signature also where the token came straight from the provider.
"""

import json
import secrets
from typing import Any

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from rbacadmin.errors import Refused, TooMany
from rbacadmin.http import client_ip
from rbacadmin.throttling import spend
from teams.services.identities import UnknownIdentity, apply_claims, bind_identity, person_of, platform
from teams.sign_in_audit import origin_of, refused_sign_in
from teams.sso import Identity, identity_of

# Only keys that the provider holds alone: with a shared secret, or none, anybody who knows it could sign.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
REQUIRED = ("iss", "sub", "aud", "exp", "iat")
LEEWAY = 60  # seconds that clocks may differ
TRIES = {"most": 30, "seconds": 60}  # of one address: each asks the provider, and may leave a row


class Adapter(OpenIDConnectOAuth2Adapter):
    """allauth's, with what is said above."""

    def get_provider(self) -> Any:
        if not hasattr(self, "provider"):
            self.provider = super().get_provider()
            self.provider.oauth2_adapter_class = Adapter
        return self.provider

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return request.build_absolute_uri(reverse("single-sign-on-callback"))

    @property
    def openid_config(self) -> dict[str, Any]:
        found: dict[str, Any] = super().openid_config
        wanted = self.get_provider().app.settings["server_url"]
        if str(found.get("issuer", "")).rstrip("/") != wanted.rstrip("/"):
            raise OAuth2Error("The discovery document is of another issuer.")
        return found

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """The sign-in with the claims of the signed token; those of the userinfo only add to them."""
        signed = self.verified(app, kwargs["response"].get("id_token") or "")
        more = self._fetch_user_info(token.token) if "userinfo_endpoint" in self.openid_config else {}
        if more and more.get("sub") != signed["sub"]:
            raise OAuth2Error("The userinfo is about somebody else.")
        return self.get_provider().sociallogin_from_response(request, {"id_token": {**more, **signed}})

    def verified(self, app: Any, token: str) -> dict[str, Any]:
        """The claims of the token. Raises OAuth2Error."""
        try:
            header = jwt.get_unverified_header(token)
            keys = jwt.PyJWKSet.from_json(json.dumps(self.published()))
            key = next(key for key in keys.keys if "kid" not in header or key.key_id == header["kid"])
            claims: dict[str, Any] = jwt.decode(
                token, key.key, algorithms=ALGORITHMS, audience=app.client_id, issuer=self.openid_config["issuer"],
                leeway=LEEWAY, options={"require": list(REQUIRED)},
            )  # fmt: skip
        except (jwt.PyJWTError, StopIteration, TypeError, ValueError) as error:
            raise OAuth2Error(f"The token was refused: {error or 'no such key'}") from error
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("The token was made for another client.")
        return claims

    def published(self) -> Any:
        """The provider's keys of this moment."""
        from allauth.socialaccount.adapter import get_adapter

        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            return answer.json()


def adapter_of(request: HttpRequest) -> Adapter:
    """Raises Http404 where no provider is configured, TooMany."""
    adapter = Adapter(request, settings.SSO_PROVIDER)
    try:
        adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    spend("sso", client_ip(request), **TRIES)
    return adapter


@never_cache
@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """To the provider, by a page that goes on by itself: `form-action` would hold a form's redirect to elsewhere."""
    back, nonce = request.POST.get("next", ""), secrets.token_urlsafe(24)
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("home")
    try:
        provider = adapter_of(request).get_provider()
        answer = provider.redirect(request, "login", next_url=back, nonce=nonce, auth_params={"nonce": nonce})
    except TooMany as error:
        return slower(request, error)
    except (OAuth2Error, RequestException, ValueError, KeyError):
        return render(request, "account/sso_away.html", status=502)
    if answer.status_code != 302:
        return render(request, "account/sso_away.html", status=502)
    return render(request, "account/sso_leave.html", {"address": answer["Location"], "name": provider.name})


@never_cache
@login_not_required
@require_GET
def answered(request: HttpRequest) -> HttpResponse:
    """Back from the provider, with a code or a refusal."""
    try:
        adapter = adapter_of(request)
    except TooMany as error:
        return slower(request, error)
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(adapter)(request)
    except (ValueError, KeyError) as error:  # an answer that is none
        note_refusal(request, error)
        return refused(request)
    return answer


def slower(request: HttpRequest, error: TooMany) -> HttpResponse:
    answer = render(request, "429.html", status=429)
    answer["Retry-After"] = str(error.retry_after)
    return answer


def refused(request: HttpRequest) -> HttpResponse:
    return render(request, "account/sso_refused.html", status=403)


def recognise(request: HttpRequest, login: Any) -> None:
    """Say who signs in, and give them what their claims bring. Ends in a refusal that tells nothing.

    What allauth may have found by rows of its own counts for nothing: the person's `sso_id` is the one fact.
    """
    claims = login.account.extra_data["id_token"]
    identity = identity_of(claims)
    if login.state.get("process") != "login" or not login.state.get("nonce"):
        turn_away(request, identity, "not a sign-in that began here")
    if not secrets.compare_digest(str(claims.get("nonce", "")), login.state["nonce"]):
        turn_away(request, identity, "another sign-in's token")
    person, origin = person_of(identity), origin_of(request)
    if person is None:
        turn_away(request, identity, "nobody here is known by this identity")
    elif not person.is_active:
        turn_away(request, identity, "blocked")
    else:
        try:
            login.user = bind_identity(platform(origin), person, identity=identity)
        except (UnknownIdentity, Refused):
            turn_away(request, identity, "nobody here is known by this identity")
        apply_claims(origin, login.user, identity)
        login.user.refresh_from_db()


def turn_away(request: HttpRequest, identity: Identity, why: str) -> None:
    refused_sign_in(request, identity.email, by="single sign-on", subject=identity.subject[:255], why=why)
    raise ImmediateHttpResponse(refused(request))


def note_refusal(request: HttpRequest, why: Any) -> None:
    """On record: what the protocol refused. Never the provider's own words, which may hold what is secret."""
    known = str(why) if isinstance(why, OAuth2Error) and str(why).startswith("The ") else type(why).__name__
    refused_sign_in(request, "", by="single sign-on", why=known[:200])
