"""One thing done to several organizations or projects."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from dashboard.bulk import ListBatch, Verb
from dashboard.scopes.kind import Kind
from orgs.closing import delete_scopes
from rbacadmin.blocking import block_scope, unblock_scope


def batch_of(kind: Kind) -> ListBatch:
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
    return ListBatch(f"{kind.name}s", kind.rows, verbs, f"{kind.name}-list", label, listing=kind.listing)
