"""How access groups are listed."""

from django.utils.translation import gettext_lazy as _

from dashboard.listing import Column, Listing
from gateway.models import ModelAccessGroup
from rbacadmin.policy import Action

GROUPS = ModelAccessGroup.objects.all()
LISTING: Listing[ModelAccessGroup] = Listing(
    name="access-groups",
    title=_("Access groups"),
    action=Action.VIEW_ACCESS_GROUPS,
    orders={"name": _("By name"), "-created_at": _("Newest first"), "-updated_at": _("Last changed")},
    columns=(
        Column("name", "name", lambda group: group.name),
        Column("models", "models", lambda group: group.models),
        Column("description", "description", lambda group: group.description),
        Column("created", "created_at", lambda group: group.created_at),
    ),
    searched=("name",),
)
