"""One thing done to several keys."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from dashboard.bulk import Verb, answer
from dashboard.keys.listing import KEYS
from keys import services
from rbacadmin.http import Request
from rbacadmin.policy import Action

VERBS = {
    "block": Verb(Action.BLOCK_KEYS, services.block_key, gettext_lazy("Block keys")),
    "unblock": Verb(Action.UNBLOCK_KEYS, services.unblock_key, gettext_lazy("Unblock keys")),
    "delete": Verb(
        Action.DELETE_KEYS, services.delete_keys, gettext_lazy("Delete keys"),
        (gettext_lazy("They stop working at once and for good."),
         gettext_lazy("Their names and what they spent stay on record.")),
    ),
}  # fmt: skip


@require_POST
def key_bulk(request: Request) -> HttpResponse:
    """Block, unblock or delete the keys that were ticked, and say what became of each. Deleting is asked about."""
    return answer(request, KEYS, VERBS, back=reverse("key-list"), back_label=_("Keys"))
