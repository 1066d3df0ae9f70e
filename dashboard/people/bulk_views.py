"""One thing done to several people."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from dashboard.asking import Question, ask
from dashboard.batches import Batch, bulk
from dashboard.bulk import AT_ONCE, Verb, each, render_outcomes
from dashboard.people.forms import BulkForm
from dashboard.people.listing import PEOPLE, listing_for
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from teams import services

VERBS = {
    "block": Verb(
        Action.BLOCK_PEOPLE, lambda actor, person: services.block_users(actor, [person]),
        gettext_lazy("Block people"),
        (gettext_lazy("They are signed out, and neither they nor their keys come in until they are unblocked."),),
    ),
    "unblock": Verb(
        Action.BLOCK_PEOPLE, lambda actor, person: services.unblock_users(actor, [person]),
        gettext_lazy("Unblock people"),
    ),
    "delete": Verb(
        Action.DELETE_PEOPLE, lambda actor, person: services.delete_users(actor, [person]),
        gettext_lazy("Delete people"),
        (gettext_lazy("They leave everything, and their keys stop working at once and for good."),
         gettext_lazy("Their names, history and what they spent stay on record.")),
    ),
}  # fmt: skip
BATCH = Batch("people", PEOPLE, listing_for, VERBS, "person-list", gettext_lazy("People"))


@require_POST
def person_bulk(request: Request) -> HttpResponseBase:
    """Block, unblock or delete the people who were ticked, or all that match, and say what became of each."""
    return bulk(request, BATCH)


@require_POST
def person_bulk_edit(request: Request) -> HttpResponse:
    """Ask what the people who were ticked get, then change them one by one, and say what became of each."""
    actor, rows, back = request.actor, request.POST.getlist("row"), reverse("person-list")
    if not 0 < len(rows) <= AT_ONCE:
        raise ValidationError(_("Choose between 1 and %(count)s rows.") % {"count": AT_ONCE})
    form = BulkForm(request.POST if "platform_role" in request.POST else None, rows=rows)
    if not form.is_bound or not form.is_valid():
        told = [_("What is left empty stays as it is with each of them."), _("Each person is changed by themselves.")]
        question = Question(_("Change %(count)s people") % {"count": len(rows)}, told, _("Change them"), back,
                            icon="pencil", tone="primary", form=form)  # fmt: skip
        return ask(request, question, status=422 if form.errors else 200)
    outcomes = each(
        rows,
        lambda ident: policy.find(actor, Action.CHANGE_PEOPLE_LIMITS, PEOPLE, ident),
        lambda person: services.update_user(actor, person, **form.changes()),
    )
    return render_outcomes(request, outcomes, _("Change people"), back=back, back_label=_("People"))
