"""The palette: one field that finds any page or row. Without JavaScript it is a page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboard.palette.finding import hits
from rbacadmin.http import Request
from rbacadmin.views import navigation


@require_GET
def find(request: Request) -> HttpResponse:
    """What the letters find. For the palette the list alone is lifted out of the page."""
    query = request.GET.get("q", "")
    return render(request, "palette/find.html", {"q": query, "hits": hits(request.actor, navigation(request), query)})
