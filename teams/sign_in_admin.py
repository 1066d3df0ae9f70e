"""What stands behind signing in, in Django admin: to be looked at, because what is written there passes by services.

The provider of single sign-on is configured by the environment; rows of it would mean nothing, so none are shown.
"""

from typing import Any, ClassVar

from allauth.account import admin as account_admin
from allauth.account.models import EmailAddress
from allauth.mfa import admin as mfa_admin
from allauth.mfa.models import Authenticator
from allauth.socialaccount import admin as social_admin
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions import admin as session_admin
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.http import HttpRequest

from rbacadmin.admin import ReadOnly, actor_of
from teams import services

THEIRS = (account_admin, mfa_admin, social_admin, session_admin)  # imported, so that they have registered
for model in (EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession):
    admin.site.unregister(model)


PERSON: tuple[str, ...] = ("user__email", "user__name")


class OfPerson(ReadOnly):
    """A row that belongs to a person."""

    list_select_related = ("user",)
    search_fields = PERSON
    hidden: ClassVar[frozenset[str]] = frozenset()

    def shown(self) -> list[str]:
        return [name for name in super().shown() if name not in self.hidden]


@admin.register(EmailAddress)
class EmailAddressAdmin(OfPerson):
    list_display = ("email", "user", "primary", "verified")
    search_fields = ("email", *PERSON)


@admin.register(UserSession)
class UserSessionAdmin(OfPerson):
    list_display = ("user", "created_at", "last_seen_at", "ip", "user_agent")
    search_fields = ("ip", *PERSON)
    hidden = frozenset({"session_key", "data"})  # who has the key is signed in


@admin.register(SocialAccount)
class SocialAccountAdmin(OfPerson):
    list_display = ("user", "provider", "uid", "last_login")
    search_fields = ("uid", *PERSON)
    hidden = frozenset({"extra_data"})


@admin.register(Authenticator)
class AuthenticatorAdmin(OfPerson):
    """Deleting one takes away all of the person's: who has lost a factor starts anew."""

    list_display = ("user", "type", "created_at", "last_used_at")
    hidden = frozenset({"data"})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        services.remove_factors(actor_of(request), obj.user)
