"""One thing done to several keys."""

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_POST

from dashboard.batches import bulk
from dashboard.bulk import ListBatch, Verb
from dashboard.keys.listing import KEYS, LISTING
from keys import services
from rbacadmin.http import Request
from rbacadmin.policy import Action

VERBS = {
    "block": Verb(
        Action.BLOCK_KEYS, services.block_key, gettext_lazy("Block keys"),
        ngettext_lazy("Block %(count)s key", "Block %(count)s keys", "number"),
    ),
    "unblock": Verb(
        Action.UNBLOCK_KEYS, services.unblock_key, gettext_lazy("Unblock keys"),
        ngettext_lazy("Unblock %(count)s key", "Unblock %(count)s keys", "number"),
    ),
    "delete": Verb(
        Action.DELETE_KEYS, services.delete_keys, gettext_lazy("Delete keys"),
        ngettext_lazy("Delete %(count)s key", "Delete %(count)s keys", "number"),
        (gettext_lazy("They stop working at once and for good."),
         gettext_lazy("Their names and what they spent stay on record.")),
    ),
}  # fmt: skip
BATCH = ListBatch("keys", KEYS, VERBS, "key-list", gettext_lazy("Keys"), listing=lambda actor: LISTING)


@require_POST
def key_bulk(request: Request) -> HttpResponseBase:
    """Block, unblock or delete the keys that were ticked, or all that match, and say what became of each."""
    return bulk(request, BATCH)
