"""Finding anything by a few letters: pages, and every row that the person may see."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.searching import search
from gateway.models import Budget, CatalogModel, Customer
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams.models import Team, User

EACH = 5  # of one kind
SHORTEST = 2


@dataclass(frozen=True)
class Hit:
    """One place to go to."""

    label: str
    kind: str
    icon: str
    url: str


# Kind, icon, page, what it takes to see a row in the list, and the columns that are searched.
ALIAS = ("alias_key",)
ROWS: tuple[tuple[Any, Any, str, str, Action, tuple[str, ...]], ...] = (
    (Organization, gettext_lazy("organization"), "building-2", "organization-detail", Action.SEE_ORGANIZATIONS, ALIAS),
    (Team, gettext_lazy("team"), "users", "team-detail", Action.SEE_TEAMS, ALIAS),
    (Project, gettext_lazy("project"), "folder-kanban", "project-detail", Action.VIEW_PROJECTS, ALIAS),
    (User, gettext_lazy("person"), "circle-user", "person-detail", Action.VIEW_PEOPLE, ("email", "name")),
    (Key, gettext_lazy("key"), "key-round", "key-detail", Action.VIEW_KEYS, ALIAS),
    (CatalogModel, gettext_lazy("model"), "boxes", "model-detail", Action.VIEW_MODELS, ("name",)),
    (Budget, gettext_lazy("shared budget"), "wallet", "budget-detail", Action.VIEW_BUDGETS, ("public_id",)),
    (Customer, gettext_lazy("customer"), "contact", "customer-detail", Action.VIEW_CUSTOMERS, ("public_id", "name")),
)  # fmt: skip


def hits(actor: Actor, pages: list[dict[str, Any]], text: str) -> list[Hit]:
    """Pages whose name contains the text, then rows. One query for each kind of row."""
    wanted = text.strip()
    if len(wanted) < SHORTEST:
        return [page_hit(page) for page in pages] if not wanted else []
    found = [page_hit(page) for page in pages if wanted.lower() in str(page["label"]).lower()]
    for model, kind, icon, page, action, columns in ROWS:
        rows = User.objects.people() if model is User else model.objects.all()
        seen = policy.visible(actor, action, search(rows, wanted, *columns)).order_by("created_at", "pk")[:EACH]
        found += [Hit(row.label, str(kind), icon, reverse(page, args=(row.pk,))) for row in seen]
    return found


def page_hit(page: dict[str, Any]) -> Hit:
    return Hit(str(page["label"]), _("page"), page["icon"], page["url"])
