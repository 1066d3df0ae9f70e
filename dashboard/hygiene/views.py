"""The page of what one would tidy up."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboard.hygiene.checks import findings
from rbacadmin.http import Request


@require_GET
def hygiene(request: Request) -> HttpResponse:
    """Everything that this person could mend, each with the button that mends it."""
    return render(request, "hygiene/hygiene.html", {"findings": findings(request.actor)})
