"""One thing done to several people."""

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_POST

from dashboard.batches import bulk
from dashboard.bulk import ListBatch, Verb
from dashboard.people.forms import BulkForm
from dashboard.people.listing import PEOPLE, listing_for
from rbacadmin.http import Request
from rbacadmin.policy import Action
from teams import services

VERBS = {
    "block": Verb(
        Action.BLOCK_PEOPLE, lambda actor, person: services.block_users(actor, [person]),
        gettext_lazy("Block people"),
        ngettext_lazy("Block %(count)s person", "Block %(count)s people", "number"),
        (gettext_lazy("They are signed out, and neither they nor their keys come in until they are unblocked."),),
    ),
    "unblock": Verb(
        Action.BLOCK_PEOPLE, lambda actor, person: services.unblock_users(actor, [person]),
        gettext_lazy("Unblock people"),
        ngettext_lazy("Unblock %(count)s person", "Unblock %(count)s people", "number"),
    ),
    "delete": Verb(
        Action.DELETE_PEOPLE, lambda actor, person: services.delete_users(actor, [person]),
        gettext_lazy("Delete people"),
        ngettext_lazy("Delete %(count)s person", "Delete %(count)s people", "number"),
        (gettext_lazy("They leave everything, and their keys stop working at once and for good."),
         gettext_lazy("Their names, history and what they spent stay on record.")),
    ),
    "change": Verb(
        Action.CHANGE_PEOPLE_LIMITS, services.update_user, gettext_lazy("Change people"),
        ngettext_lazy("Change %(count)s person", "Change %(count)s people", "number"),
        form=BulkForm,
        told=(gettext_lazy("What is left empty stays as it is with each of them."),),
    ),
}  # fmt: skip
BATCH = ListBatch("people", PEOPLE, VERBS, "person-list", gettext_lazy("People"), listing=listing_for)


@require_POST
def person_bulk(request: Request) -> HttpResponseBase:
    """Block, unblock, delete or change the people who were ticked, or all that match; say what became of each."""
    return bulk(request, BATCH)
