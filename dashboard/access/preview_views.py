"""Before a role or a permission is saved: who gains what, and who loses it?"""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.access.preview import preview
from rbacadmin import policy
from rbacadmin.errors import Conflict, NotFound
from rbacadmin.http import Request
from rbacadmin.policy import Action
from rbacadmin.policy.scopes import scope_models
from rbacadmin.policy.subjects import membership_scope
from teams.models import Membership, User, role_label
from teams.services import add_member, change_member, remove_member, update_user
from teams.services.people import clean_ident

MEMBERSHIPS = Membership.objects.select_related("user", "organization", "team", "project")


@require_POST
def member(request: Request, pk: UUID) -> HttpResponse:
    """A member with another role; without one, the person gone from the scope."""
    actor, role = request.actor, request.POST.get("role", "")
    membership = policy.find(actor, Action.MANAGE_MEMBERS, MEMBERSHIPS, pk)
    kind, scope = membership_scope(membership)[0], membership.scope
    url = reverse(f"{kind}-member" if role else f"{kind}-member-remove", args=(scope.pk, membership.pk))
    words = {"person": membership.user.label, "scope": policy.describe(scope), "role": role_label(kind, role)}
    title = _("%(person)s as %(role)s of %(scope)s") if role else _("%(person)s out of %(scope)s")
    change = (
        (lambda: change_member(actor, membership, role=role)) if role else (lambda: remove_member(actor, membership))
    )
    return shown(request, membership.user, change, title % words, {"url": url, "sent": {"role": role}})


@require_POST
def person(request: Request, pk: UUID) -> HttpResponse:
    """A person with another platform role."""
    actor, role = request.actor, request.POST.get("platform_role", "")
    user = policy.find(actor, Action.CHANGE_PLATFORM_ROLES, User.objects.people(), pk)
    words = {"person": user.label, "role": role_label("platform", role)}
    title = _("%(person)s with the platform role %(role)s") % words
    return shown(request, user, lambda: update_user(actor, user, platform_role=role), title, {})


@require_POST
def joining(request: Request, kind: str, pk: UUID) -> HttpResponse:
    """Somebody who is not in the scope yet, as a member of it."""
    if kind not in scope_models():
        raise Http404
    actor, named, role = request.actor, request.POST.get("email", "").strip(), request.POST.get("role", "")
    scope = policy.find(actor, Action.MANAGE_MEMBERS, scope_models()[kind], pk)
    words = {"person": named[:254], "scope": policy.describe(scope), "role": role_label(kind, role)}
    title = _("%(person)s as %(role)s of %(scope)s") % words
    known = policy.visible(actor, Action.VIEW_PEOPLE, User.objects.people()).filter(User.named(named)).first()
    send = {"url": reverse(f"{kind}-members", args=(pk,)), "sent": {"email": named, "role": role}}
    return shown(request, known, lambda: add_member(actor, scope, person=tried(known, named), role=role), title, send)


def tried(known: User | None, named: str) -> str:
    """Who is made a member to look at it: for an address of nobody whom the asker sees, somebody new.

    Whether it is known elsewhere, and what its person may do there, is told by nothing (rulebook 8).
    """
    if known is not None or "@" not in named:
        return named
    return f"{uuid4().hex}@{clean_ident(named).rpartition('@')[2]}"


def shown(request: Request, user: User | None, change: Any, title: str, more: dict[str, Any]) -> HttpResponse:
    """The page (a dialog where there is JavaScript), or what stands against the change."""
    context: dict[str, Any] = {"title": title, **more}
    try:
        context["preview"] = preview(request.actor, user, change)
    except Conflict as conflict:
        context["error"] = conflict.message
    except NotFound as missing:
        context["error"] = str(missing)
    except ValidationError as error:
        context["error"] = " ".join(error.messages)
    return render(request, "access/preview.html", context)
