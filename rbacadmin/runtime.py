"""Settings that may be changed while the server runs, in one small table. What the environment says, it decides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from rbacadmin import audit, policy, role_permissions
from rbacadmin.conf import names_of, source_of
from rbacadmin.models import Setting
from rbacadmin.policy import Action, Actor
from rbacadmin.role_mapping import EMPTY, LEADING, checked, configured
from rbacadmin.service import service

MOST_TEAMS = 500


def team_ids(value: Any) -> list[str]:
    """Ids of teams: text, each once. Raises ValueError."""
    if not isinstance(value, list) or len(value) > MOST_TEAMS or not all(isinstance(one, str) for one in value):
        raise ValueError(f"Must be a list of at most {MOST_TEAMS} ids.")
    return list(dict.fromkeys(one.strip() for one in value if one.strip()))


def loosenings(value: Any) -> list[str]:
    """What team admins may do beyond their role. Raises ValueError."""
    if not isinstance(value, list) or not set(map(str, value)) <= {"raise_max_budget"}:
        raise ValueError("Knows raise_max_budget only.")
    return list(dict.fromkeys(value))


def switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("Must be true or false.")
    return value


@dataclass(frozen=True)
class Known:
    """One such setting. `fixed` is the name of Django's setting through which the environment decides it."""

    default: Any
    check: Callable[[Any], Any]
    description: str
    fixed: str = ""


KNOWN: dict[str, Known] = {
    "available_teams": Known(
        [], team_ids, "Teams that people of their organization join by themselves.", "AVAILABLE_TEAMS"
    ),
    "team_admin_editable_team_fields": Known(
        [],
        loosenings,
        "What team admins may do beyond their role: raise_max_budget lets them raise their team's budget.",
        "TEAM_ADMIN_EDITABLE_TEAM_FIELDS",
    ),
    "add_creator_to_teams": Known(
        False, switch, "Whether /team/new makes its caller an admin of the new team.", "ADD_CREATOR_TO_TEAMS"
    ),
    "jwt": Known(EMPTY, checked, "Which roles in tokens stand for which platform roles, and what each role may call."),
}
BY_HAND = tuple(name for name, known in KNOWN.items() if known.fixed)  # the others have a route of their own


@dataclass(frozen=True)
class Chosen:
    """A setting as it is: its value, where that comes from, and whether it may be changed here."""

    name: str
    value: Any
    source: str
    editable: bool
    description: str


def environment(name: str) -> Any:
    """What environment or file say, or None; an empty list says nothing."""
    if name == "jwt":
        return configured(settings.JWT_AUTH, settings.SSO_ROLE_MAPPING, settings.ROLE_PERMISSIONS)
    said = getattr(settings, KNOWN[name].fixed, None) if KNOWN[name].fixed else None
    return None if said == [] else said


def decided_by(name: str) -> str:
    """Who decides a setting that cannot be changed here: the variable, or the file and line."""
    made_of = {"jwt": ("litellm_jwtauth", "role_mapping", "role_permissions")}.get(name, (name,))
    found = [source_of(field) for field in made_of]
    said = next((one for one in found if one != "default"), None)
    return said or f"environment: {names_of(made_of[-1])[-1]}"


def value(name: str) -> Any:
    """The value in force. At most one query."""
    fixed = environment(name)
    if fixed is not None:
        return fixed
    row = Setting._default_manager.filter(pk=name).first()
    return KNOWN[name].default if row is None else row.value


def chosen() -> list[Chosen]:
    """Every such setting as it is. One query."""
    stored = {row.pk: row.value for row in Setting._default_manager.all()}
    found = []
    for name, known in KNOWN.items():
        fixed = environment(name)
        source = decided_by(name) if fixed is not None else "default"
        if fixed is None and name in stored:
            source = "changed here"
        now = fixed if fixed is not None else stored.get(name, known.default)
        found.append(Chosen(name, now, source, fixed is None, known.description))
    return found


@service
def change_settings(actor: Actor, *, changes: Mapping[str, Any]) -> list[Chosen]:
    """Change settings, all or none (SET-02, SET-03). The answer is every setting as it is then.

    Raises PermissionDenied; ValidationError for a value that does not fit and for what the environment decides.
    """
    policy.require(actor, Action.CHANGE_SETTINGS)
    after, errors = {}, {}
    for name, wanted in changes.items():
        try:
            after[name] = allowed(name, wanted)
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise ValidationError(errors)
    for name in sorted(after):
        store(actor, name, after[name])
    return chosen()


def allowed(name: str, wanted: Any) -> Any:
    """The value as it is stored. Raises ValueError."""
    if name not in KNOWN:
        raise ValueError("There is no such setting.")
    if environment(name) is not None:
        raise ValueError(f"{decided_by(name).split(': ', 1)[-1]} decides this; change it there.")
    found = KNOWN[name].check(wanted)
    if name == "jwt":
        require_way_back(found["role_permissions"])
    return found


def require_way_back(permissions: list[dict[str, Any]]) -> None:
    """Raise ValueError when what is to be stored would leave nobody who can change it again."""
    for one in permissions:
        if one["role"] == LEADING and one["routes"]:
            kept = role_permissions.actions_of(tuple(one["routes"]))
            if not {Action.VIEW_SETTINGS, Action.CHANGE_SETTINGS} <= kept:
                raise ValueError(f"{LEADING} must keep /settings and /settings/jwt: nobody could change this again.")


def store(actor: Actor, name: str, wanted: Any) -> None:
    """Write one setting and put it on record, unless it is so already."""
    row = Setting._default_manager.select_for_update().filter(pk=name).first() or Setting(
        name=name, value=KNOWN[name].default
    )
    if row.value == wanted:
        return
    before, row.value, row.updated_by = row.value, wanted, actor.label
    row.save()
    role_permissions.stored.forget()
    transaction.on_commit(role_permissions.stored.forget)  # whoever read meanwhile read the old ones
    audit.record(actor, "setting.updated", row, changed={name: [before, wanted]})
