"""Signing in: who may, and one-time links."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from teams.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: people are added by administrators."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """The same for single sign-on: an identity that nobody invited makes no account, and rows configure none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[Any]:
        found = super().list_apps(request, provider=provider, client_id=client_id)
        return [app for app in found if app.pk is None]

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        from teams.single_sign_on import recognise  # whose services need the links below

        recognise(request, sociallogin)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **what: Any) -> None:
        from teams.single_sign_on import note_refusal, refused

        note_refusal(request, what.get("exception") or what.get("error"))
        raise ImmediateHttpResponse(refused(request))


class SignInLinks(PasswordResetTokenGenerator):
    """Links that sign one person in, once: signing in changes `last_login`, which is part of the token."""

    key_salt = "teams.sign_in.SignInLinks"


links = SignInLinks()


def link_for(user: User) -> str:
    """The path of a fresh one-time sign-in link."""
    ident = urlsafe_base64_encode(user.pk.bytes)
    return reverse("sign-in-link", args=(ident, links.make_token(user)))


def reset_link_for(user: User) -> str:
    """The path of a fresh one-time link behind which the person chooses a new password."""
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})


def user_of_link(ident: str, token: str) -> User | None:
    """The person whom the link signs in, or None when it was used, has expired or never was."""
    try:
        raw = urlsafe_base64_decode(force_str(ident))
    except ValueError:
        return None
    user = User.objects.people().filter(pk=raw.hex(), blocked_by="").first() if len(raw) == 16 else None
    return user if user is not None and links.check_token(user, token) else None
