"""One thing done to several teams."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from dashboard.bulk import Verb, answer
from dashboard.teams.listing import TEAMS
from orgs.closing import delete_scopes
from rbacadmin.blocking import block_scope, unblock_scope
from rbacadmin.http import Request
from rbacadmin.policy import Action

VERBS = {
    "block": Verb(Action.BLOCK_TEAMS, block_scope, gettext_lazy("Block teams")),
    "unblock": Verb(Action.BLOCK_TEAMS, unblock_scope, gettext_lazy("Unblock teams")),
    "delete": Verb(
        Action.DELETE_TEAMS, delete_scopes, gettext_lazy("Delete teams"),
        (gettext_lazy("Their keys stop working at once and for good; their members leave them."),
         gettext_lazy("Their names, history and what they spent stay on record.")),
    ),
}  # fmt: skip


@require_POST
def team_bulk(request: Request) -> HttpResponse:
    """Block, unblock or delete the teams that were ticked, and say what became of each. Deleting is asked about."""
    return answer(request, TEAMS, VERBS, back=reverse("team-list"), back_label=_("Teams"))
