"""Help that everybody has: the keys of the keyboard, and what one may do oneself."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from dashboard.access.holding import areas
from dashboard.people.screens import memberships_of
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action

SHORTCUTS = (
    (("Ctrl", "K"), _("Find any page, organization, team, project, person, key or model")),
    (("Cmd", "K"), _("The same on a Mac")),
    (("/",), _("Go to the search of a list")),
    (("c",), _("Choose the organization or project in which you work")),
    (("?",), _("Show these shortcuts")),
    (("Down", "Up"), _("Walk through what was found")),
    (("Tab",), _("Go to the next control; the first one on each page leads past the navigation")),
    (("Esc",), _("Close a dialog or a menu")),
)


@require_GET
def shortcuts(request: Request) -> HttpResponse:
    """The shortcuts: a dialog where there is JavaScript, else a page."""
    return render(request, "help/shortcuts.html", {"shortcuts": SHORTCUTS})


@require_GET
def guide(request: Request) -> HttpResponse:
    """What can I do? One's roles with what they mean, and everything that follows from them."""
    actor = request.actor
    memberships = memberships_of(actor, actor.user) if actor.user else []
    context = {
        "memberships": memberships,
        "areas": areas(actor, actor.user) if actor.user else [],
        "sees_all": policy.can(actor, Action.VIEW_SETTINGS),  # belonging somewhere adds nothing
        "meaning": policy.meaning(actor.platform_role or ""),
    }
    return render(request, "help/guide.html", context)
