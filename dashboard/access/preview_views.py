"""Before a role or a permission is saved: who gains what, and who loses it?"""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.access.preview import preview
from rbacadmin import policy
from rbacadmin.errors import Conflict
from rbacadmin.http import Request
from rbacadmin.policy import Action
from rbacadmin.policy.subjects import membership_scope
from teams.models import Membership, User, role_label
from teams.services import change_member, remove_member, update_user

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
    user = policy.find(actor, Action.CHANGE_PLATFORM_ROLES, User.objects.filter(kind=User.Kind.PERSON), pk)
    words = {"person": user.label, "role": role_label("platform", role)}
    title = _("%(person)s with the platform role %(role)s") % words
    return shown(request, user, lambda: update_user(actor, user, platform_role=role), title, {})


def shown(request: Request, user: User, change: Any, title: str, more: dict[str, Any]) -> HttpResponse:
    """The page (a dialog where there is JavaScript), or what stands against the change."""
    context: dict[str, Any] = {"title": title, **more}
    try:
        context["preview"] = preview(request.actor, user, change)
    except Conflict as conflict:
        context["error"] = conflict.message
    except ValidationError as error:
        context["error"] = " ".join(error.messages)
    return render(request, "access/preview.html", context)
