"""The page of what one would tidy up."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboard.hygiene.checks import CHECKS
from dashboard.hygiene.finding import SHOWN_ALONE, findings
from rbacadmin.http import Request


@require_GET
def hygiene(request: Request) -> HttpResponse:
    """What this person could mend, each with its button, and what they see and others mend, with whom to ask.

    `?only=` names one check, whose rows stand alone and are not cut.
    """
    only = [check for check in CHECKS if check.name == request.GET.get("only")]
    found = findings(request.actor, only, SHOWN_ALONE) if only else findings(request.actor, CHECKS)
    mends = any(row.url for finding in found for row in finding.rows) or not found
    return render(request, "hygiene/hygiene.html", {"findings": found, "mends": mends, "alone": bool(only)})
