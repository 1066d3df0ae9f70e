"""Where somebody works at the moment: an organization or a project, chosen in the header.

It lives in the session as a wish, no right comes with it: each request asks the policy anew whether the person may
see that scope. It fills in forms and narrows lists, and each narrowed list says so and lets go of it.
"""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from teams.models import Membership, User

M = TypeVar("M", bound=Model)

WISH = "context"  # `organization:<id>` or `project:<id>`, in the session
EVERYTHING = "all"  # `?scope=all`: this list, this once, not narrowed
KINDS: dict[str, tuple[Any, Action]] = {
    "organization": (Organization.objects.all(), Action.SEE_ORGANIZATIONS),
    "project": (Project.objects.select_related("organization"), Action.VIEW_PROJECTS),
}


def chosen(request: HttpRequest) -> Any:
    """The scope that was chosen, if the person may see it at this moment; else None. One query a request at most."""
    if not hasattr(request, "chosen_scope"):
        kind, _, pk = str(getattr(request, "session", {}).get(WISH, "")).partition(":")
        found = None
        if kind in KINDS and is_id(pk):
            rows, action = KINDS[kind]
            found = policy.visible(request.actor, action, rows.filter(pk=pk)).first()  # type: ignore[attr-defined]
        request.chosen_scope = found  # type: ignore[attr-defined]
    return request.chosen_scope  # type: ignore[attr-defined]


def is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def narrowed(request: Request, rows: QuerySet[M]) -> QuerySet[M]:
    """The rows in the chosen scope, unless the address asks for all of them, or for another organization."""
    scope = chosen(request)
    if scope is None or request.GET.get("in"):
        return rows
    request.narrowing = scope  # type: ignore[attr-defined]
    return rows if request.GET.get("scope") == EVERYTHING else rows.filter(within(request, scope, rows.model))


def within(request: Request, scope: Any, model: type[Model]) -> Q:
    """What is in a project, or, where projects hold none of that, in its organization."""
    organization = scope.pk if scope.kind == "organization" else scope.organization_id
    if model is User:
        column = {f"{scope.kind}_id": scope.pk}
        seen = policy.visible(request.actor, Action.VIEW_MEMBERS, Membership.objects.filter(**column))
        return Q(pk__in=seen.values("user"))
    if model is Key and scope.kind == "project":
        return Q(project=scope.pk)
    return Q(pk=organization) if model is Organization else Q(organization=organization)


def home_of(request: Request, model: type[Model], action: Action) -> str:
    """What a form begins with: the chosen scope where this may be made there, else nothing."""
    scope = chosen(request)
    if scope is None:
        return ""
    if model is Key:
        asked = Action.SEE_ORGANIZATIONS if scope.kind == "organization" else action
        return f"{scope.kind}:{scope.pk}" if policy.can(request.actor, asked, scope) else ""
    organization = scope if scope.kind == "organization" else scope.organization
    return str(organization.pk) if policy.can(request.actor, action, organization) else ""


def header(request: HttpRequest) -> dict[str, Any]:
    """For the header of every page."""
    # Where the choice leads back to. On its own page nowhere in particular, or each link would hold the one before.
    own = request.path == reverse("context")
    back = {"context_back": reverse("home") if own else request.get_full_path()}
    if not getattr(request, "actor", None) or not request.path.startswith("/ui/"):
        return back
    return {**back, "chosen_scope": chosen(request) if request.user.is_authenticated else None}
