"""Forms over rows: columns as people write them, each field open or closed as the policy says."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rbacadmin import money, policy
from rbacadmin.policy import Action, Actor, fields
from teams.models import role_name

BIG = 2**53
ONLY_FOR = gettext_lazy("Only for those who may %(do)s: %(who)s.")
TO_GO_FURTHER = gettext_lazy("To %(do)s, ask: %(who)s.")
PERIODS = [
    ("", gettext_lazy("never: one budget for good")),
    ("1d", gettext_lazy("every day")),
    ("7d", gettext_lazy("every week")),
    ("30d", gettext_lazy("every month")),
]


class MoneyField(forms.DecimalField):
    """Dollars in the form, nano-dollars in the row."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.NumberInput(attrs={"step": "any", "min": "0", "inputmode": "decimal"}))
        super().__init__(min_value=0, required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        return f"{money.to_decimal(value).normalize():f}" if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        if self.disabled:
            return value  # what the row holds, in nano-dollars already
        found = super().clean(value)
        return None if found is None else money.to_nano(found)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except ValidationError:
            return True


class CountField(forms.IntegerField):
    """A number a minute, or at a time."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=BIG, required=False, **options)


class NamesField(forms.CharField):
    """A list of names, separated by commas or lines."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}))
        super().__init__(required=False, max_length=20_000, **options)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str] | None:
        if self.disabled:
            return value  # what the row holds
        names = [name.strip() for name in (super().clean(value) or "").replace("\n", ",").split(",")]
        return list(dict.fromkeys(name for name in names if name)) or None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.clean(data) or None) != (initial or None)


def who_helps(actor: Actor, action: Action, row: Model | None = None) -> str:
    """What is missing, and who has it: people whom the actor sees, else the roles."""
    return ONLY_FOR % {"do": action.label, "who": those_who_may(actor, action, row)}


def those_who_may(actor: Actor, action: Action, row: Model | None) -> str:
    """People whom the actor sees, else the roles."""
    decision = policy.explain(actor, action, row)
    return ", ".join(decision.who_could or [str(role_name(role)) for role in decision.roles_that_could])


class Closed(NamedTuple):
    """What a field says besides, why it is closed or goes one way only, and how that is said of several at once."""

    own: str
    why: str
    why_all: str


def one_way(field: forms.Field, *, down: bool) -> Any:
    """What may be done with a field that goes one way only; a moment goes earlier, not lower."""
    if isinstance(field, forms.DateTimeField):
        return _("You may move it earlier.") if down else _("You may move it later.")
    return _("You may lower it.") if down else _("You may raise it.")


class RowForm(forms.Form):
    """A form whose fields are columns of a row: filled from it, and closed where the actor may not write."""

    label_of_row: ClassVar[str] = ""  # in the policy's field table; "orgs.Organization"

    def __init__(self, *args: Any, actor: Actor, row: Model | None = None, **kwargs: Any) -> None:
        if row is not None:
            known = {field.name for field in row._meta.concrete_fields}
            given = {name: getattr(row, name) for name in self.base_fields if name in known}
            kwargs["initial"] = {**given, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.actor, self.row = actor, row
        self.closed: dict[str, Closed] = {}
        if row is not None:
            self.close_what_is_not_theirs(row)

    def close_what_is_not_theirs(self, row: Model) -> None:
        """A closed field says what is missing and who can help; one that goes down only says who lets it go up."""
        table, helpers = fields.FIELDS[row._meta.label], dict[Action, str]()

        def help_for(action: Action, text: Any) -> str:
            if action not in helpers:
                helpers[action] = those_who_may(self.actor, action, row)
            return text % {"do": action.label, "who": helpers[action]}

        for name, field in self.fields.items():
            access = table.get(name)
            wanted = [action for action in (access.write, access.widen) if action] if access else []
            held = [action for action in wanted if policy.can(self.actor, action, row)]
            if wanted and not held:
                field.disabled = True
                field.help_text = help_for(wanted[0], ONLY_FOR)
                self.closed[name] = Closed("", field.help_text, field.help_text)
            elif held != wanted and not fields.loosened(self.actor, row, name, 0):
                lower = one_way(field, down=bool(access and access.write in held))
                missing = next(action for action in wanted if action not in held)
                asked, own = help_for(missing, TO_GO_FURTHER), str(field.help_text)
                field.help_text = f"{own} {lower} {asked}".strip()
                these = _("You may lower these.") if access and access.write in held else _("You may raise these.")
                self.closed[name] = Closed(own, f"{lower} {asked}", f"{these} {asked}")

    def changes(self) -> dict[str, Any]:
        """The columns that were changed, as services take them."""
        found = {name: self.cleaned_data[name] for name in self.changed_data if not self.fields[name].disabled}
        return {name: self.column(name, value) for name, value in found.items()}

    def column(self, name: str, value: Any) -> Any:
        """The value as the column holds it. Empty texts stay texts."""
        return value

    def groups(self) -> list[tuple[str, list[Any]]]:
        """The fields under their headings, for the template."""
        return [("", list(self))]


class LimitForm(RowForm):
    """The limits that every level carries."""

    LIMITS: ClassVar = (
        "max_budget", "budget_duration", "soft_budget", "rpm_limit", "tpm_limit", "max_parallel_requests", "models",
    )  # fmt: skip

    max_budget = MoneyField(
        label=gettext_lazy("Budget in dollars"),
        help_text=gettext_lazy("Empty: what the level above allows. 0: nothing."),
    )
    budget_duration = forms.ChoiceField(label=gettext_lazy("The budget resets"), choices=PERIODS, required=False)
    soft_budget = MoneyField(label=gettext_lazy("Warn at, in dollars"))
    rpm_limit = CountField(label=gettext_lazy("Requests a minute"))
    tpm_limit = CountField(label=gettext_lazy("Tokens a minute"))
    max_parallel_requests = CountField(label=gettext_lazy("Requests at a time"))
    models = NamesField(
        label=gettext_lazy("Models"),
        help_text=gettext_lazy("Names or groups, separated by commas. Empty: all that the level above allows."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.initial.get("budget_duration")
        if kept and kept not in dict(PERIODS):
            self.fields["budget_duration"].choices = [*PERIODS, (kept, kept)]  # type: ignore[attr-defined]

    def groups(self) -> list[tuple[str, list[Any]]]:
        named = [self[name] for name in self.fields if name not in self.LIMITS]
        limits = [self[name] for name in self.LIMITS if name in self.fields]
        return [(heading, fields) for heading, fields in (("", named), (_("Limits"), limits)) if fields]


LIVES: Iterable[tuple[str, Any]] = [
    ("", gettext_lazy("never")),
    ("1", gettext_lazy("in a day")),
    ("7", gettext_lazy("in a week")),
    ("30", gettext_lazy("in 30 days")),
    ("90", gettext_lazy("in 90 days")),
    ("365", gettext_lazy("in a year")),
]


LIVES_HELP = gettext_lazy("It ends sooner where what lets you make it does.")


def end_of(days: str) -> dict[str, Any]:
    """The end of a key that many days from now, as a column; nothing for as long as its maker can make it last."""
    return {"expires_at": timezone.now() + timedelta(days=int(days))} if days else {}
