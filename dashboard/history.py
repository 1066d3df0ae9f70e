"""What happened to one row: its own slice of the audit log, with before and after."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from rbacadmin import money, policy
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action, Actor, Page
from rbacadmin.templatetags.policy import period
from rbacadmin.trail import PLACES, Told, tell
from teams.models import role_name

MONEY = ("max_budget", "soft_budget", "temp_budget_increase", "spend")
ROLES = ("role", "platform_role")
ACTIONS = ("may", "team_member_permissions")
WORDS = {
    "alias": _("name"),
    "budget_duration": _("budget resets"),
    "email": _("e-mail"),
    "expires_at": _("ends"),
    "kubernetes_namespace": _("namespace"),
    "max_budget": _("budget"),
    "max_parallel_requests": _("requests at a time"),
    "rpm_limit": _("requests per minute"),
    "soft_budget": _("warning at"),
    "tpm_limit": _("tokens per minute"),
    "user": _("person"),
}  # as the forms call it, where a column's name says it differently
LEFT_OUT = ("changed", "decision", "message", "code")


@dataclass(frozen=True)
class Step:
    """One field before and after, in words."""

    name: str
    before: str
    after: str


def history_of(actor: Actor, row: Model, after: str | None = None) -> Page[Told]:
    """The events about a row that the actor may see, newest first, as far as they concern the actor."""
    events = AuditEvent.objects.filter(kind=row._meta.model_name, object_id=str(row.pk))
    return told(actor, events, after)


def told(
    actor: Actor, events: QuerySet[AuditEvent], after: str | None = None, size: int = 25, order: str = "-created_at"
) -> Page[Told]:
    """A page of events, each as the actor may know it."""
    page = policy.page(actor, Action.VIEW_AUDIT, events, order=order, after=after, size=size)
    return Page(tell(actor, page.items), page.next_cursor)


def steps(told: Told) -> Iterator[Step]:
    """What an event changed, field by field."""
    for name, change in (told.details.get("changed") or {}).items():
        before, after = change if isinstance(change, list) and len(change) == 2 else ("", change)
        yield Step(field(name), in_words(name, before), in_words(name, after))


def facts(told: Told) -> list[tuple[str, str]]:
    """What else an event says of itself."""
    said = {name: value for name, value in told.details.items() if name not in LEFT_OUT}
    places = {name: told.names[value] for name, value in said.items() if name in PLACES and value in told.names}
    found = [(name, in_words(name, value)) for name, value in {**said, **places}.items()]
    return [(field(name), text) for name, text in found if text]


def field(name: str) -> str:
    """What people call a column."""
    return str(WORDS.get(name) or name.replace("_", " "))


def in_words(name: str, value: Any) -> str:
    """A value as people read it; nothing for none."""
    if value in (None, "", [], {}):
        return ""
    if name in MONEY and isinstance(value, int):
        return money.show(value)
    if name == "budget_duration" and isinstance(value, str):
        return str(_("every %(duration)s") % {"duration": period(value)})
    if name in ROLES and isinstance(value, str):
        return role_name(value)
    if name in ACTIONS and isinstance(value, list):
        return ", ".join(str(Action(one).label) if one in Action.values else str(one) for one in value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{field(key)}: {in_words(key, item)}" for key, item in value.items())
    return str(value)
