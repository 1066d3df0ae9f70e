"""What a person's page shows, seen through the policy."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.limits import limits_of_members
from dashboard.spending import spend_of
from dashboard.tabs import row_tabs, tabs
from dashboard.usage.within import may_see
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action, Actor
from teams.models import Membership, User
from teams.services.invitations import has_signed_in, inviting_scope
from teams.services.passwords import is_oneself


def sessions_action(actor: Actor, person: User) -> Action:
    """What seeing somebody's sessions takes: one's own are one's own, others' are for those who may end them."""
    return Action.VIEW_PEOPLE if is_oneself(actor, person) else Action.REVOKE_SESSIONS


def list_tabs(request: Request) -> list[dict[str, Any]]:
    """People, and those of them who were offered a sign-in."""
    return tabs(request, [(_("People"), reverse("person-list")), (_("Invitations"), reverse("invitation-list"))])


def may_invite(actor: Actor, person: User) -> bool:
    """Whether to offer a link to sign in with. That somebody has signed in elsewhere shows to platform admins only."""
    if not person.email or is_oneself(actor, person):
        return False
    if policy.can(actor, Action.MANAGE_INVITATIONS):
        return not has_signed_in(person)
    return inviting_scope(actor, person) is not None


def head_of(request: Request, person: User) -> dict[str, Any]:
    """What stands above every section of the person's page."""
    actor = request.actor
    sections = [(_("Overview"), "person-detail"), (_("Limits"), "person-limits"), (_("Keys"), "person-keys")]
    if may_see(actor, person):
        sections.append((_("Usage"), "person-usage"))
    if policy.can(actor, sessions_action(actor, person), person):
        sections.append((_("Sessions"), "person-sessions"))
    sections.append((_("History"), "person-history"))
    return {
        "person": person,
        "tabs": row_tabs(request, person, sections),
        "oneself": is_oneself(actor, person),
        "may_invite": may_invite(actor, person),
    }


def person_context(request: Request, person: User) -> dict[str, Any]:
    """The whole first section."""
    return {
        **head_of(request, person),
        "spend": spend_of(request.actor, person),
        "memberships": memberships_of(request.actor, person),
    }


def memberships_of(actor: Actor, person: User) -> list[Membership]:
    """Where the person belongs, as far as the actor may see that; organizations first."""
    rows = Membership.objects.filter(user=person).select_related("organization", "team", "project", "user")
    found = policy.page(actor, Action.VIEW_MEMBERS, rows, order="created_at", size=100).items
    return sorted(found, key=lambda row: ("organization", "project", "team").index(row.scope_key[0]))


def limits_by_place(actor: Actor, person: User) -> list[dict[str, Any]]:
    """What binds the person's calls at each membership that the actor sees."""
    memberships = memberships_of(actor, person)
    return [
        {
            "limits": limits,
            "id": f"limits-{membership.pk}",
            "title": _("As %(role)s of %(place)s")
            % {"role": membership.role_label, "place": policy.describe(membership.scope)},
        }
        for membership, limits in zip(memberships, limits_of_members(actor, memberships), strict=True)
    ]


def live_sessions(person: User) -> QuerySet[UserSession]:
    """The browsers in which the person is signed in, newest first."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return UserSession.objects.filter(user=person, session_key__in=alive).order_by("-created_at")


def factors_of(person: User) -> list[str]:
    """The kinds of second factors that the person has set up, in words."""
    held = Authenticator.objects.filter(user=person).order_by("type").values_list("type", flat=True)
    return [str(Authenticator.Type(kind).label) for kind in dict.fromkeys(held)]
