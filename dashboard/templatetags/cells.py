"""What stands in rows of most lists: people, and of keys the owner, the home and the state.

Drawn here and not by a template of its own, whose calls would be the larger part of a long list's time.
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django import template
from django.db.models import Model
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.markup import markup
from dashboard.templatetags.lucide import drawn
from keys.models import Key
from rbacadmin.templatetags.policy import breakable

register = template.Library()

HIDDEN = (("aria_hidden", "true"),)
STATES = {"blocked": ("bad", "ban"), "expired": ("warn", "hourglass"), "active": ("good", "check")}
HOMES = (("team", "users"), ("project", "folder-kanban"), ("organization", "building-2"))


@register.simple_tag(takes_context=True)
def person(context: Context, person: Any, *, linked: bool = False) -> SafeString:
    """A person; linked to their page with `linked`, or where the context's `seen_people` has them."""
    name, label = person.name or person.label, person.label
    if linked or person.pk in (context.get("seen_people") or ()):
        shown = markup('<a class="row-link" href="{}">{}</a>', reverse("person-detail", args=[person.pk]), name)
    else:
        shown = markup("<strong>{}</strong>", name)
    viewer = context.get("user")
    return markup(
        '<div class="person"><span class="avatar" aria-hidden="true">{}</span>'
        '<span class="cell-main"><span class="row">{}{}</span>{}</span></div>',
        name[:1] or label[:1] or "?",
        shown,
        badge("accent", _("You")) if viewer is not None and person.pk == viewer.pk else "",
        markup('<span class="cell-sub">{}</span>', breakable(person.email)) if person.name and person.email else "",
    )


# `typed`: text that is markup already equals text that is not, and one must not answer for the other.
@lru_cache(maxsize=256, typed=True)
def badge(tone: str, label: str, icon: str = "") -> SafeString:
    return markup('<span class="badge {}">{}{}</span>', tone, drawn(icon, 12, HIDDEN) if icon else "", label)


@register.simple_tag
def key_state(key: Key) -> SafeString:
    """Whether the key works at this moment."""
    state = key.state(timezone.now())
    words = {"blocked": _("Blocked"), "expired": _("Expired"), "active": _("Active")}
    tone, icon = STATES[state]
    return badge(tone, words[state], icon)


@register.simple_tag(takes_context=True)
def key_owner(context: Context, key: Key) -> str:
    """Whose key it is. Where people may not be seen, their id stands, as in the API."""
    if key.kind == Key.Kind.SERVICE:
        return _("service account")
    if key.user is None:
        return _("nobody")
    seen = key.user_id in (context.get("seen_owners") or ())
    return breakable(key.user.label if seen else key.user.public_id)


@register.simple_tag
def key_home(key: Key) -> SafeString:
    """Where a key lives: a team, a project, an organization, or nowhere."""
    for kind, icon in HOMES:
        home: Model | None = getattr(key, kind)
        if home is not None:
            return home_link(kind, icon, home.pk, home.label)  # type: ignore[attr-defined]
    return markup('<span class="muted">{}</span>', _("a terminal") if key.is_session else _("no scope"))


# `typed`: text that is markup already equals text that is not, and one must not answer for the other.
@lru_cache(maxsize=256, typed=True)
def home_link(kind: str, icon: str, pk: UUID, label: str) -> SafeString:
    """The same few homes stand in most rows of a list."""
    url = reverse(f"{kind}-detail", args=[pk])
    return markup('<span class="with-icon cell-sub">{}<a href="{}">{}</a></span>', drawn(icon, 14, HIDDEN), url, label)
