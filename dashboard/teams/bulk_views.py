"""One thing done to several teams."""

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_POST

from dashboard.batches import bulk
from dashboard.bulk import ListBatch, Verb
from dashboard.teams.listing import TEAMS, listing_for
from orgs.closing import delete_scopes
from rbacadmin.blocking import block_scope, unblock_scope
from rbacadmin.http import Request
from rbacadmin.policy import Action

VERBS = {
    "block": Verb(
        Action.BLOCK_TEAMS, block_scope, gettext_lazy("Block teams"),
        ngettext_lazy("Block %(count)s team", "Block %(count)s teams", "number"),
    ),
    "unblock": Verb(
        Action.BLOCK_TEAMS, unblock_scope, gettext_lazy("Unblock teams"),
        ngettext_lazy("Unblock %(count)s team", "Unblock %(count)s teams", "number"),
    ),
    "delete": Verb(
        Action.DELETE_TEAMS, delete_scopes, gettext_lazy("Delete teams"),
        ngettext_lazy("Delete %(count)s team", "Delete %(count)s teams", "number"),
        (gettext_lazy("Their keys stop working at once and for good; their members leave them."),
         gettext_lazy("Their names, history and what they spent stay on record.")),
    ),
}  # fmt: skip
BATCH = ListBatch("teams", TEAMS, VERBS, "team-list", gettext_lazy("Teams"), listing=listing_for)


@require_POST
def team_bulk(request: Request) -> HttpResponseBase:
    """Block, unblock or delete the teams that were ticked, or all that match, and say what became of each."""
    return bulk(request, BATCH)
