"""One thing done to several organizations or projects."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from dashboard.bulk import ListBatch, Verb
from dashboard.scopes.kind import Kind
from orgs.closing import delete_scopes
from rbacadmin.blocking import block_scope, unblock_scope

MANY = {
    "organization": {
        "block": ngettext_lazy("Block %(count)s organization", "Block %(count)s organizations", "number"),
        "unblock": ngettext_lazy("Unblock %(count)s organization", "Unblock %(count)s organizations", "number"),
        "delete": ngettext_lazy("Delete %(count)s organization", "Delete %(count)s organizations", "number"),
    },
    "project": {
        "block": ngettext_lazy("Block %(count)s project", "Block %(count)s projects", "number"),
        "unblock": ngettext_lazy("Unblock %(count)s project", "Unblock %(count)s projects", "number"),
        "delete": ngettext_lazy("Delete %(count)s project", "Delete %(count)s projects", "number"),
    },
}


def batch_of(kind: Kind) -> ListBatch:
    """What may be done to many scopes of a kind: blocking, unblocking and, asked about, deleting."""
    many = MANY[kind.name]
    verbs = {
        "block": Verb(kind.block, block_scope, _("Block them"), many["block"]),
        "unblock": Verb(kind.block, unblock_scope, _("Unblock them"), many["unblock"]),
        "delete": Verb(
            kind.end, delete_scopes, _("Delete them"), many["delete"],
            (_("All that is in them goes along, and their keys stop working at once and for good."),
             _("Names, history and what was spent stay on record.")),
        ),
    }  # fmt: skip
    label = capfirst(kind.rows.model._meta.verbose_name_plural)
    return ListBatch(f"{kind.name}s", kind.rows, verbs, f"{kind.name}-list", label, listing=kind.listing)
