"""Several members of a scope leave it together: each by themselves, with the rules that hold for each."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_POST

from dashboard.batches import bulk
from dashboard.bulk import Batch, Verb
from dashboard.members.place import Place, named
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from teams.services import remove_member

VERBS = {
    "remove": Verb(
        Action.MANAGE_MEMBERS, remove_member, _("Remove members"),
        ngettext_lazy("Remove %(count)s member", "Remove %(count)s members", "number"),
        (_("They leave at once; who leaves an organization leaves its teams and projects too."),
         _("The keys that they hold there stop working and are archived; what was spent stays on record.")),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Members(Batch):
    """The members of one scope, found as their page finds them."""

    def matching(self, request: Request) -> QuerySet[Any]:
        return policy.visible(request.actor, Action.VIEW_MEMBERS, named(self.rows, request.GET.get("q", "")))


def members_of(place: Place, scope: Any) -> Members:
    name = f"{place.members_url}:{scope.pk}"
    return Members(name, place.members(scope), VERBS, place.page, scope.label, page_args=(scope.pk,))


@require_POST
def members_bulk(request: Request, place: Place, pk: UUID) -> HttpResponseBase:
    """Remove the members who were ticked, or all that match, and say what became of each."""
    scope = policy.find(request.actor, Action.MANAGE_MEMBERS, place.rows, pk)
    return bulk(request, members_of(place, scope))
