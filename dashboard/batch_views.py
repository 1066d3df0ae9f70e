"""The progress of what is done to many rows."""

from django.http import Http404, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.batches import progress
from dashboard.keys.bulk_views import BATCH as KEYS
from dashboard.organizations.kind import KIND as ORGANIZATIONS
from dashboard.people.bulk_views import BATCH as PEOPLE
from dashboard.projects.kind import KIND as PROJECTS
from dashboard.scopes.bulk import batch_of
from dashboard.teams.bulk_views import BATCH as TEAMS
from rbacadmin.http import Request

SCOPES = (batch_of(ORGANIZATIONS), batch_of(PROJECTS))
BATCHES = {batch.name: batch for batch in (KEYS, PEOPLE, TEAMS, *SCOPES)}


@never_cache
@require_http_methods(["GET", "POST"])
def batch(request: Request, name: str) -> HttpResponseBase:
    """How far one's own batch on this list is; POST goes on with it."""
    if name not in BATCHES:
        raise Http404
    return progress(request, BATCHES[name])
