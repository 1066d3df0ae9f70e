"""The landing page: what this person may see, and what to do next."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard import samples
from dashboard.attention import ending_keys, open_invitations, tight_budgets
from dashboard.charts import spend_chart
from dashboard.hygiene.finding import Row, with_menders
from dashboard.labels import with_labels
from dashboard.people.screens import memberships_of
from dashboard.spending import with_spend
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action, Actor
from rbacadmin.trail import tell
from rbacadmin.views import THEMES, seen_owners
from teams.models import Team

SHOWN = 5
EVERYBODYS_ROLE = "internal_user"  # what new people are: it tells nothing of what one does here
YEAR = 365 * 86400


def home(request: Request) -> HttpResponse:
    """What was spent, what wants looking after, what there is and what happened, as far as this person may see it."""
    actor = request.actor
    context = {**inventory(actor), **spending(actor), **happenings(actor), **standing(actor)}
    context["may_make_teams"] = policy.can_somewhere(actor, Action.CREATE_TEAMS)
    context["may_make_keys"] = actor.user is not None and policy.can(actor, Action.CREATE_KEYS, actor.user)
    ending = ending_keys(actor, SHOWN + 1)
    context["ending"] = list(zip(ending, extending(actor, ending), strict=True))
    context["invitations"] = open_invitations(actor, SHOWN)
    context["tight"] = tight_budgets(actor, SHOWN)
    context["seen_owners"] = seen_owners(actor, [*context["keys"], *ending])
    return render(request, "ui/home.html", context)


def standing(actor: Actor) -> dict[str, Any]:
    """Who this is: by the platform role where that is more than everybody's, else by the widest role held."""
    person = actor.user
    held = memberships_of(actor, person) if person and actor.platform_role == EVERYBODYS_ROLE else []
    now = timezone.now()
    live = [one for one in held if one.expires_at is None or one.expires_at > now]
    ranked = sorted(live, key=lambda one: (not one.leads, one.scope_key[0] == "organization" and not one.leads))
    return {"person": person, "main_role": next(iter(ranked), None), "more_roles": max(0, len(ranked) - 1)}


def extending(actor: Actor, keys: Sequence[Key]) -> list[Row]:
    """Where each of the keys is given more time, or who can do that. Two queries at most."""
    mine = [policy.can(actor, Action.UPDATE_KEYS, key) for key in keys]
    urls = [reverse("key-edit", args=(key.pk,)) if may else "" for key, may in zip(keys, mine, strict=True)]
    rows = [Row(key.label, "", url, (Action.UPDATE_KEYS, key)) for key, url in zip(keys, urls, strict=True)]
    return with_menders(actor, rows)


def inventory(actor: Actor) -> dict[str, Any]:
    """Organizations, projects, teams and keys: how many, and the newest of each."""
    lists: dict[str, tuple[Action, Any, str]] = {
        "organizations": (Action.SEE_ORGANIZATIONS, Organization.objects.all(), _("Organizations")),
        "projects": (Action.VIEW_PROJECTS, Project.objects.select_related("organization"), _("Projects")),
        "teams": (Action.SEE_TEAMS, Team.objects.select_related("organization"), _("Teams")),
        "keys": (Action.LIST_KEYS, with_labels(Key.objects.all(), "user"), _("Keys")),
    }
    found: dict[str, Any] = {"counts": {}, "cards": []}
    counted = policy.counts([policy.visible(actor, action, queryset) for action, queryset, _label in lists.values()])
    for (name, (action, queryset, label)), count in zip(lists.items(), counted, strict=True):
        if name == "keys":  # a row for each that can be opened
            queryset, action = policy.visible(actor, action, queryset), Action.VIEW_KEYS
        found[name] = policy.page(actor, action, queryset, size=SHOWN).items
        found["counts"][name] = "10,000+" if count > 10_000 else f"{count:,}"
        url = reverse(f"{name.removesuffix('s')}-list")
        found["cards"].append({"label": label, "value": found["counts"][name], "hint": "", "url": url})
    with_spend(actor, [*found["organizations"], *found["projects"], *found["teams"]])
    return found


def spending(actor: Actor) -> dict[str, Any]:
    """Spend by day of the widest that one may see: all organizations, theirs, teams and projects, or oneself."""
    everything = policy.can(actor, Action.VIEW_SPEND)
    organizations = actor.scope_ids("organization", Action.VIEW_SPEND)
    if everything or organizations:
        title = _("Spend of all organizations") if everything else _("Spend of your organizations")
        seen = policy.visible(actor, Action.VIEW_SPEND, Organization.objects.all()).values("pk")
        return {"chart": spend_chart({"organization": seen}), "chart_title": title}
    inner = {kind: ids for kind in ("team", "project") if (ids := actor.scope_ids(kind, Action.VIEW_SPEND))}
    if inner:
        return {"chart": spend_chart(inner), "chart_title": _("Spend of what you look after")}
    return {"chart": spend_chart({"user": [actor.user_id]}), "chart_title": _("What you spent")}


def happenings(actor: Actor) -> dict[str, Any]:
    """The newest changes and refused attempts, for those who may see the record of more than themselves."""
    if not policy.can_somewhere(actor, Action.VIEW_AUDIT):
        return {}
    events = AuditEvent.objects.exclude(event__startswith="session.")  # who came and went is no change
    done = policy.page(actor, Action.VIEW_AUDIT, events.filter(outcome=AuditEvent.Outcome.DONE), size=SHOWN).items
    refused = policy.page(actor, Action.VIEW_AUDIT, events.filter(outcome=AuditEvent.Outcome.REFUSED), size=SHOWN).items
    heard = tell(actor, [*done, *refused])
    return {"record": True, "changes": heard[: len(done)], "refusals": heard[len(done) :]}


@login_not_required
@require_POST
def theme(request: Request) -> HttpResponse:
    """Remember light, dark or the system's choice, for browsers without JavaScript."""
    chosen, back = request.POST.get("theme", ""), request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("home")
    response = redirect(back)
    response.set_cookie("theme", chosen if chosen in THEMES else "system", max_age=YEAR, samesite="Lax")
    return response


def styleguide(request: Request) -> HttpResponse:
    """Every component in every state."""
    return render(request, "ui/styleguide.html", samples.guide())
