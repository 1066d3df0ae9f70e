"""Rights per field: one table for serializers, forms, templates, CSV, filters and sort keys."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Model

from rbacadmin import limits
from rbacadmin.policy.actions import Action as A
from rbacadmin.policy.actor import Actor
from rbacadmin.policy.engine import can, require, visible
from rbacadmin.policy.subjects import is_person


class Access(NamedTuple):
    """Who may read a field, who may write it, and who may give more with it (None: whoever writes)."""

    read: A
    write: A | None
    widen: A | None = None


def each(names: Iterable[str], access: Access) -> dict[str, Access]:
    return dict.fromkeys(names, access)


BUDGETS = ("max_budget", "soft_budget", "budget_duration", "temp_budget_increase", "temp_budget_until")
RATES = ("tpm_limit", "rpm_limit", "max_parallel_requests", "model_max_budget", "model_rpm_limit", "model_tpm_limit")
RECORD = ("created_at", "updated_at", "created_by", "updated_by")

FIELDS: dict[str, dict[str, Access]] = {
    "orgs.Organization": {
        "public_id": Access(A.SEE_ORGANIZATIONS, None),
        "alias": Access(A.SEE_ORGANIZATIONS, A.CHANGE_ORGANIZATIONS),
        **each(("metadata", "tags"), Access(A.VIEW_ORGANIZATIONS, A.CHANGE_ORGANIZATIONS)),
        **each((*BUDGETS, *RATES), Access(A.VIEW_ORGANIZATIONS, A.CHANGE_ORGANIZATION_LIMITS)),
        "models": Access(A.VIEW_ORGANIZATIONS, A.CHANGE_ORGANIZATION_MODELS),
        "blocked_by": Access(A.VIEW_ORGANIZATIONS, None),
        "spend": Access(A.VIEW_SPEND, None),
        **each(RECORD, Access(A.VIEW_ORGANIZATIONS, None)),
    },
    "orgs.Project": {
        **each(("public_id", "organization_id", "is_default", "blocked_by", *RECORD), Access(A.VIEW_PROJECTS, None)),
        **each(("alias", "metadata", "tags"), Access(A.VIEW_PROJECTS, A.CHANGE_PROJECTS)),
        **each(("kubernetes_namespace", "assignments"), Access(A.VIEW_PROJECTS, A.CHANGE_PROJECT_PLACEMENT)),
        **each((*BUDGETS, *RATES), Access(A.VIEW_PROJECTS, A.LOWER_PROJECT_LIMITS, A.RAISE_PROJECT_LIMITS)),
        "models": Access(A.VIEW_PROJECTS, A.CHANGE_PROJECT_MODELS),
        "spend": Access(A.VIEW_SPEND, None),
    },
    "teams.Team": {
        **each(("public_id", "organization_id", "blocked_by", *RECORD), Access(A.SEE_TEAMS, None)),
        "alias": Access(A.SEE_TEAMS, A.CHANGE_TEAMS),
        "models": Access(A.SEE_TEAMS, A.CHANGE_TEAM_MODELS),
        **each(("metadata", "tags"), Access(A.VIEW_TEAMS, A.CHANGE_TEAMS)),
        **each(("model_aliases", "member_defaults"), Access(A.VIEW_TEAMS, A.CHANGE_TEAM_MODELS)),
        **each((*BUDGETS, *RATES), Access(A.VIEW_TEAMS, A.LOWER_TEAM_LIMITS, A.RAISE_TEAM_LIMITS)),
        "team_member_permissions": Access(A.VIEW_TEAM_PERMISSIONS, A.CHANGE_TEAM_PERMISSIONS),
        "spend": Access(A.VIEW_SPEND, None),
    },
    "teams.User": {
        **each(("public_id", "kind"), Access(A.VIEW_PEOPLE, None)),
        **each(RECORD, Access(A.VIEW_SPEND, None)),  # when somebody came tells that they were elsewhere before
        "email": Access(A.VIEW_PEOPLE, A.CHANGE_PEOPLE),
        "name": Access(A.VIEW_PEOPLE, A.CHANGE_PROFILE),
        "platform_role": Access(A.VIEW_PEOPLE, A.CHANGE_PLATFORM_ROLES),
        **each(("metadata", "tags"), Access(A.VIEW_SPEND, A.CHANGE_PEOPLE_LIMITS)),
        **each((*BUDGETS, *RATES, "models"), Access(A.VIEW_SPEND, A.CHANGE_PEOPLE_LIMITS)),
        "blocked_by": Access(A.VIEW_PEOPLE, None),
        **each(("sso_id", "sso_issuer"), Access(A.CHANGE_PEOPLE, A.CHANGE_PEOPLE)),
        "spend": Access(A.VIEW_SPEND, None),
    },
    "teams.Membership": {
        **each(("user_id", "organization_id", "team_id", "project_id", *RECORD), Access(A.VIEW_MEMBERS, None)),
        **each(("role", "expires_at"), Access(A.VIEW_MEMBERS, A.MANAGE_MEMBERS)),
        **each((*BUDGETS, *RATES, "models", "metadata", "tags"), Access(A.VIEW_MEMBERS, A.CHANGE_MEMBER_LIMITS)),
        "spend": Access(A.VIEW_MEMBERS, None),
    },
    "keys.Key": {
        **each(
            ("public_id", "token", "name", "kind", "user_id", "organization_id", "team_id", "project_id"),
            Access(A.VIEW_KEYS, None),
        ),
        **each(("blocked_by", "last_used_at", "rotated_at", *RECORD), Access(A.VIEW_KEYS, None)),
        **each(("alias", "metadata", "tags", "aliases"), Access(A.VIEW_KEYS, A.UPDATE_KEYS)),
        **each((*BUDGETS, *RATES, "models", "expires_at"), Access(A.VIEW_KEYS, A.UPDATE_KEYS, A.RAISE_KEY_LIMITS)),
        **each(("allowed_routes", "actions", "permissions"), Access(A.VIEW_KEYS, A.WIDEN_KEYS)),
        "excluded_from_rate_limiting": Access(A.VIEW_KEYS, A.WIDEN_KEYS),
        "spend": Access(A.VIEW_SPEND, None),
    },
    # The platform's models are written by platform admins only, which their services ask besides. How a model is
    # called is for those who run the team that brings it, or the platform.
    "gateway.CatalogModel": {
        **each(("public_id", "organization_id", "team_id", "project_id", "source"), Access(A.VIEW_MODELS, None)),
        **each(("name", "blocked", "input_price", "output_price"), Access(A.VIEW_MODELS, A.ADD_TEAM_MODELS)),
        **each(("tpm_limit", "rpm_limit"), Access(A.VIEW_MODELS, A.ADD_TEAM_MODELS)),
        **each(("params", "info"), Access(A.VIEW_TEAMS, A.ADD_TEAM_MODELS)),
        **each(RECORD, Access(A.VIEW_TEAMS, None)),
    },
    "gateway.ModelAccessGroup": {
        "public_id": Access(A.VIEW_ACCESS_GROUPS, None),
        "name": Access(A.VIEW_ACCESS_GROUPS, None),
        **each(("models", "description"), Access(A.VIEW_ACCESS_GROUPS, A.MANAGE_ACCESS_GROUPS)),
        **each(RECORD, Access(A.MANAGE_ACCESS_GROUPS, None)),
    },
    "gateway.Budget": {
        **each(("public_id", *RECORD), Access(A.VIEW_BUDGETS, None)),
        **each((*BUDGETS, *RATES, "models", "metadata", "tags"), Access(A.VIEW_BUDGETS, A.MANAGE_BUDGETS)),
    },
    "gateway.Customer": {
        **each(("public_id", "blocked_by", *RECORD), Access(A.VIEW_CUSTOMERS, None)),
        **each(("name", "default_model", "allowed_model_region"), Access(A.VIEW_CUSTOMERS, A.MANAGE_CUSTOMERS)),
        **each((*BUDGETS, *RATES, "models", "metadata", "tags"), Access(A.VIEW_CUSTOMERS, A.MANAGE_CUSTOMERS)),
        "spend": Access(A.VIEW_CUSTOMERS, None),
    },
}


@cache
def read_by(label: str) -> dict[A, frozenset[str]]:
    """The fields of a model, by the action that shows them."""
    table = FIELDS[label]
    actions = dict.fromkeys(access.read for access in table.values())
    return {action: frozenset(name for name, access in table.items() if access.read is action) for action in actions}


def readable(actor: Actor, obj: Model) -> frozenset[str]:
    """The names of the fields of this row that the actor may read."""
    shown = read_by(obj._meta.label).items()
    return frozenset().union(*(names for action, names in shown if can(actor, action, obj)))


def readable_each(actor: Actor, rows: Sequence[Model]) -> dict[Any, frozenset[str]]:
    """`readable` of rows of one model, by id. People stand in many scopes, so they are asked about in bulk."""
    if not rows or not is_person(type(rows[0])):
        return {row.pk: readable(actor, row) for row in rows}
    shown = read_by(rows[0]._meta.label)
    page = type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows])
    seen = {action: set(visible(actor, action, page).values_list("pk", flat=True)) for action in shown}
    return {
        row.pk: frozenset().union(*(names for action, names in shown.items() if row.pk in seen[action])) for row in rows
    }


def require_writes(actor: Actor, obj: Model, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Raise PermissionDenied unless the actor may make every change from `before` to `after`, field by field.

    A field that is sent but not changed asks for nothing: clients that send whole rows back are no intruders.
    """
    table = FIELDS[obj._meta.label]
    for name, value in after.items():
        if before.get(name) == value:
            continue
        access = table[name]
        raised = access.widen is not None and widens(name, before, {**before, **after})
        raised = raised and not loosened(actor, obj, name, value)
        action = access.widen if raised else access.write
        assert action is not None, f"{obj._meta.label}.{name} is not writable"
        require(actor, action, obj)


def loosened(actor: Actor, obj: Model, name: str, value: Any) -> bool:
    """Whether a setting lets whoever may lower a team's budget raise it too (rulebook 1). Clearing stays closed."""
    if (obj._meta.label, name) != ("teams.Team", "max_budget") or value is None or can(actor, A.RAISE_TEAM_LIMITS, obj):
        return False
    from rbacadmin import runtime

    return "raise_max_budget" in runtime.value("team_admin_editable_team_fields")


def widens(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether the change gives anybody more: a higher limit, or a later end."""
    if name in limits.LIMITS:
        return limits.is_raise(name, before, after)
    if name == "expires_at":
        old, new = before.get(name), after.get(name)
        return old is not None and (new is None or new > old)
    if name == "temp_budget_increase":
        return (after.get(name) or 0) > (before.get(name) or 0)
    return name == "temp_budget_until"
