"""Scopes as choices in forms and filters: from a list, or by name and id where there are more than a list holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.listing import Filter
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.models import fold
from rbacadmin.policy import Action, Actor

OFFERED = 200  # of each kind in a list; beyond that one types a name, and these are suggested
Choice = tuple[str, Any]


@dataclass(frozen=True)
class Places:
    """The scopes that somebody may choose: kinds, each with its rows and the action that is asked about them.

    Of one kind alone the value is the id, of several `kind:id`, as addresses name them. `nothing` comes first.
    """

    actor: Actor
    kinds: Mapping[str, tuple[QuerySet[Any], Action]]
    nothing: Sequence[Choice] = ()
    chosen: str = ""

    @cached_property
    def found(self) -> dict[str, list[Any]]:
        """The first of each kind, by name, and one more, which says that a list is not enough. A query each."""
        return {
            kind: list(policy.visible(self.actor, action, rows.order_by("alias_key"))[: OFFERED + 1])
            for kind, (rows, action) in self.kinds.items()
        }

    @property
    def too_many(self) -> bool:
        return any(len(rows) > OFFERED for rows in self.found.values())

    @cached_property
    def choices(self) -> list[Choice]:
        """What a list offers; what was chosen before is among them, or raises as `find` does."""
        rows = [self.choice(kind, row) for kind, rows in self.found.items() for row in rows[:OFFERED]]
        found = [*self.nothing, *rows]
        if self.chosen and self.chosen not in dict(found):
            found += [self.choice(kind, row) for kind, row in self.at(self.chosen).items()]
        return found

    def at(self, value: str) -> dict[str, Any]:
        """The scope of a value under its kind, as services take it, or nothing. Raises NotFound, PermissionDenied."""
        kind, pk = self.split(value)
        if not value or kind not in self.kinds:
            return {}
        rows, action = self.kinds[kind]
        return {kind: policy.find(self.actor, action, rows, pk)}

    def split(self, value: str) -> tuple[str, str]:
        """The kind and the id of a value."""
        if len(self.kinds) == 1:
            return next(iter(self.kinds)), value
        kind, _colon, pk = value.partition(":")
        return kind, pk

    def choice(self, kind: str, row: Any) -> Choice:
        if len(self.kinds) == 1:
            return str(row.pk), row.label
        return f"{kind}:{row.pk}", f"{row._meta.verbose_name}: {row.label}"

    def named(self, text: str) -> list[Choice]:
        """The places of this name or id, two at most of each kind; as a list words them, too. A query each."""
        found: list[Choice] = []
        for kind, (rows, action) in self.kinds.items():
            words = [f"{kind}:", f"{rows.model._meta.verbose_name}:"] if len(self.kinds) > 1 else []
            word = next((word for word in words if text.lower().startswith(word)), "")
            name = text[len(word) :].strip()
            same = rows.filter(rows.model.named(name) | Q(alias_key=fold(name)))
            if name and (word or not any(text.lower().startswith(f"{other}:") for other in self.kinds)):
                found += [self.choice(kind, row) for row in policy.visible(self.actor, action, same)[:2]]
        return found


def organizations(actor: Actor, action: Action, nothing: Sequence[Choice] = (), chosen: str = "") -> Places:
    """The organizations in which the actor may do this."""
    return Places(actor, {"organization": (Organization.objects.all(), action)}, nothing, chosen)


class Suggesting(forms.TextInput):
    """A line to type into, with suggestions that the browser searches by itself."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__(attrs={"autocomplete": "off", "spellcheck": "false"})
        self.choices = choices

    def format_value(self, value: Any) -> str | None:
        """What was chosen by its id reads as its name."""
        return str(dict(self.choices)[value]) if value and value in dict(self.choices) else super().format_value(value)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        listed = f"{name}-suggested"
        line = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((words,) for pk, words in self.choices if pk))
        return format_html('{}<datalist id="{}">{}</datalist>', line, listed, options)


class PlaceField(forms.ChoiceField):
    """A scope: chosen from a list, or typed by name or id where a list would not hold them all."""

    places: Places | None = None

    def offer(self, places: Places) -> None:
        self.places = places
        if places.too_many:
            self.widget = Suggesting(places.choices)
            self.help_text = f"{self.help_text} {_('Its name or id.')}".strip()
        self.choices = places.choices

    def to_python(self, value: Any) -> str:
        text = str(value or "").strip()
        if not text or self.places is None or text in dict(self.places.choices):
            return text
        if words := next((pk for pk, words in self.places.nothing if pk and str(words) == text), ""):
            return words
        found = self.places.named(text)
        if len(found) > 1:
            raise ValidationError(_("You can see several of that name: give the id."))
        if not found:
            raise ValidationError(self.error_messages["invalid_choice"], params={"value": text}, code="invalid_choice")
        return found[0][0]

    def valid_value(self, value: Any) -> bool:
        """What `to_python` gives is one."""
        return True


def place_filter(name: str, label: Any, places: Places, apply: Callable[[Any, str], Any]) -> Filter:
    """A filter by place: a list, or a line where the list would be too long. A name that is none finds nothing."""
    if not places.too_many:
        return Filter(name, label, places.choices, apply)

    def typed(rows: Any, text: str) -> Any:
        values = [pk for pk, words in places.nothing if text in (pk, str(words))]
        values = values or [value for value, _words in places.named(text)]
        return reduce(or_, [apply(rows, value) for value in values]) if values else rows.none()

    return Filter(name, label, places.choices, typed, kind="text")
