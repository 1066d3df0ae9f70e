"""The page of what one would tidy up."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboard.hygiene.checks import CHECKS
from dashboard.hygiene.finding import findings
from rbacadmin.http import Request


@require_GET
def hygiene(request: Request) -> HttpResponse:
    """What this person could mend, each with its button, and what they see and others mend, with whom to ask."""
    found = findings(request.actor, CHECKS)
    mends = any(row.url for finding in found for row in finding.rows) or not found
    return render(request, "hygiene/hygiene.html", {"findings": found, "mends": mends})
