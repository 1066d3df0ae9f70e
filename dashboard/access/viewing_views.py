"""Seeing the dashboard as another person does."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rbacadmin import policy
from rbacadmin.errors import NotFound
from rbacadmin.http import Request
from rbacadmin.policy import Action
from rbacadmin.viewing import VIEWED, own_actor
from teams.models import User
from teams.services import end_viewing, start_viewing

PEOPLE = User.objects.people()


@require_http_methods(["GET", "POST"])
def view_as(request: Request) -> HttpResponseBase:
    """Ask for a person, then look as they do."""
    own = own_actor(request, request.actor.origin)
    policy.require(own, Action.VIEW_AS)
    named = request.POST.get("person", "") or request.GET.get("person", "")
    if request.method == "POST":
        try:
            person = start_viewing(own, policy.find(own, Action.VIEW_AS, PEOPLE, named))
        except NotFound:
            return page(request, named, _("Nobody has this e-mail or id."))
        request.session[VIEWED] = str(person.pk)
        return redirect("home")
    return page(request, named)


def page(request: Request, named: str, error: str = "") -> HttpResponse:
    return render(request, "access/view_as.html", {"named": named, "error": error}, status=422 if error else 200)


@require_POST
def stop(request: Request) -> HttpResponseBase:
    """Look through one's own eyes again."""
    if pk := request.session.pop(VIEWED, None):
        own = own_actor(request, request.actor.origin)
        person = PEOPLE.filter(pk=pk).first()
        if person is not None:
            end_viewing(own, person)
    return redirect("home")
