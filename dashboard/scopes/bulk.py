"""One thing done to several organizations or projects."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from dashboard.batches import Batch
from dashboard.bulk import Verb
from dashboard.scopes.kind import Kind
from orgs.closing import delete_scopes
from rbacadmin.blocking import block_scope, unblock_scope


def batch_of(kind: Kind) -> Batch:
    """What may be done to many scopes of a kind: blocking, unblocking and, asked about, deleting."""
    verbs = {
        "block": Verb(kind.block, block_scope, _("Block them")),
        "unblock": Verb(kind.block, unblock_scope, _("Unblock them")),
        "delete": Verb(
            kind.end, delete_scopes, _("Delete them"),
            (_("All that is in them goes along, and their keys stop working at once and for good."),
             _("Names, history and what was spent stay on record.")),
        ),
    }  # fmt: skip
    label = capfirst(kind.rows.model._meta.verbose_name_plural)
    return Batch(f"{kind.name}s", kind.rows, kind.listing, verbs, f"{kind.name}-list", label)
