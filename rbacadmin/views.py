"""What all screens share: the actor of the session, the frame of a page, answers for htmx and plain browsers."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect

from rbacadmin import policy, viewing
from rbacadmin.errors import Conflict, NotFound, PermissionDenied
from rbacadmin.http import client_ip, failure, for_people
from rbacadmin.policy import Action, Actor, Origin

THEMES = ("light", "dark")


class ActorMiddleware:
    """Puts `request.actor` on every request: the signed-in person, or nobody. Read when first asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: session_actor(request))  # type: ignore[attr-defined]
        response = self.get_response(request)
        return to_sign_in(request, response)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Who looks as somebody else writes nothing, wherever the form came from."""
        if viewing.may_post(request):
            if for_people(request) and request.user.is_authenticated:
                # Every screen asks who looks, hundreds of times: the actor itself answers faster than its stand-in.
                request.actor = session_actor(request)  # type: ignore[attr-defined]
            return None
        return failure(request, 403, _("You are only looking. End that first, then you can change things again."))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Refusals as pages: what happened, why, who can help."""
        if isinstance(exception, PermissionDenied):
            return render(request, "403.html", {"decision": exception.decision}, status=403)
        if isinstance(exception, NotFound):
            return render(request, "404.html", status=404)
        if isinstance(exception, Conflict):
            return render(request, "409.html", {"message": exception.message}, status=409)
        if isinstance(exception, ValidationError) and for_people(request):
            return failure(request, 400, " ".join(exception.messages))  # an address changed by hand: a list's cursor
        return None


def session_actor(request: HttpRequest) -> Actor:
    """The actor of a browser session."""
    origin = Origin(door="dashboard", ip=client_ip(request), request_id=getattr(request, "id", ""))
    return viewing.actor_of(request, origin)


def to_sign_in(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An expired session during an htmx request leaves the page; else the sign-in form would land inside a table."""
    if (
        getattr(request, "htmx", False)
        and response.status_code == 302
        and response["Location"].startswith(reverse(settings.LOGIN_URL))
    ):
        back = request.headers.get("HX-Current-URL", reverse("home"))
        return HttpResponseClientRedirect(redirect_to_login(back)["Location"])
    return response


def respond(
    request: HttpRequest, fragment: str, context: dict[str, Any], *, to: str, message: str = "", status: int = 200
) -> HttpResponseBase:
    """After a change: htmx gets the fragment again, a plain browser a message and a redirect."""
    if getattr(request, "htmx", False):
        return render(request, fragment, {**context, "message": message}, status=status)
    if message:
        messages.success(request, message)
    return redirect(to)


def seen_owners(actor: Actor, keys: Iterable[Any]) -> set[Any]:
    """The owners of these keys whom the actor may see; of others a screen shows the id. One query."""
    people = get_user_model()._default_manager.filter(pk__in={key.user_id for key in keys if key.user_id})
    return set(policy.visible(actor, Action.VIEW_PEOPLE, people).values_list("pk", flat=True))


PLACES = (  # of the sidebar
    (gettext_lazy("Home"), "home", "house"),
    (gettext_lazy("Organizations"), "organization-list", "building-2"),
    (gettext_lazy("Teams"), "team-list", "users"),
    (gettext_lazy("Projects"), "project-list", "folder-kanban"),
    (gettext_lazy("People"), "person-list", "circle-user"),
    (gettext_lazy("Keys"), "key-list", "key-round"),
    (gettext_lazy("Models"), "model-list", "boxes"),
    (gettext_lazy("Usage"), "usage", "chart-column"),
    (gettext_lazy("Access"), "access-explain", "shield-question-mark"),
    (gettext_lazy("Audit log"), "audit-log", "scroll-text"),
    (gettext_lazy("Hygiene"), "hygiene", "sparkles"),
)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """The frame of every page: navigation and theme."""
    theme = request.COOKIES.get("theme", "")
    return {
        "nav": navigation(request),
        "theme": theme if theme in THEMES else "",
        "actor": getattr(request, "actor", None),
        "viewed": getattr(request, "actor", None) if viewing.is_viewing(request) else None,
    }


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The places in the sidebar. Lists show what the person may see, so they are offered to everybody."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return []
    path = request.path
    return [
        {
            "label": label,
            "url": (url := reverse(name)),
            "icon": icon,
            "current": path == url or (name != "home" and path.startswith(url)),
        }
        for label, name, icon in [*PLACES, *platform_places(request)]
    ]


def platform_places(request: HttpRequest) -> list[tuple[str, str, str]]:
    """The places of the platform's people: name, URL name and icon."""
    actor: Actor | None = getattr(request, "actor", None)
    places = (
        (_("Shared budgets"), "budget-list", "wallet", Action.VIEW_BUDGETS),
        (_("Customers"), "customer-list", "contact", Action.VIEW_CUSTOMERS),
        (_("Settings"), "settings", "settings", Action.VIEW_SETTINGS),
    )
    return [place[:3] for place in places if actor is not None and policy.can(actor, place[3])]
