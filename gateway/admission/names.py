"""From the name that a call carries to the model of the catalog that is meant."""

from collections.abc import Iterable

from django.db.models import Q

from gateway.admission.caller import Caller, Deployment
from gateway.admission.refusals import Refusal, model_blocked, model_denied, unknown_model
from gateway.models import PLATFORMS, CatalogModel
from rbacadmin.model_names import names_of, restricts

MOST_TOKENS = 10_000_000  # of an answer: what says more says nothing
# Whose list is looked at first, as in LiteLLM (5.1): key, team, member, user, project, organization.
IN_ORDER = ("key", "team", "member", "user", "project", "organization")


def find(caller: Caller, model: str) -> Deployment | Refusal:
    """The deployment that the caller means by this name, or why there is none for them. At most one query.

    A blocked model of one's own is refused: the platform's of the same name is another, at another price.
    """
    name = caller.aliases.get(model, model)
    if owned := best((one.row for one in caller.own if one.names.covers(name)), name):
        return model_blocked(owned.name, str(owned.pk)) if owned.blocked else deployed(owned, name)
    known = platform_models(name)
    stripped = name.partition("/")[2]
    if not known and stripped:
        # LiteLLM's clients may put the provider in front of a model's name
        provider = name.partition("/")[0]
        known = [row for row in platform_models(stripped) if row.name == stripped and provider_of(row) == provider]
        name = stripped if known else name
    if not caller.covered.covers(name):
        return denied_by(caller, name)
    found = best(known, name)
    if found is None:
        return unknown_model(name)
    return model_blocked(found.name, str(found.pk)) if found.blocked else deployed(found, name)


def platform_models(name: str) -> list[CatalogModel]:
    """The platform's models that a call of this name may mean."""
    prefixes = [f"{name[:length]}*" for length in range(len(name) + 1) if length < 255]
    named = Q(name=name) | Q(name__in=prefixes)
    rows = CatalogModel.objects.filter(PLATFORMS, named)
    return [*rows.order_by("created_at", "pk")]


def provider_of(model: CatalogModel) -> str:
    """The provider that a model's parameters name."""
    upstream = str(model.params.get("model", ""))
    return str(model.params.get("custom_llm_provider") or upstream.partition("/")[0])


def best(rows: Iterable[CatalogModel], name: str) -> CatalogModel | None:
    """The row that fits a name best: the very name, else the longest beginning; a team's own goes first."""
    fitting = [row for row in rows if row.name == name or (row.name.endswith("*") and name.startswith(row.name[:-1]))]
    return max(fitting, key=lambda row: (owner(row), row.name == name, len(row.name)), default=None)


def owner(row: CatalogModel) -> int:
    """Whose models win over whose: team, project, organization, platform."""
    return 3 if row.team_id else 2 if row.project_id else 1 if row.organization_id else 0


def deployed(row: CatalogModel, name: str) -> Deployment:
    return Deployment(
        row.pk,
        row.public_id,
        row.name,
        name,
        row.params,
        bytes(row.credential) if row.credential else None,
        row.input_price,
        row.output_price,
        row.rpm_limit,
        row.tpm_limit,
        row.team_id,
        row.project_id,
        row.organization_id,
        longest(row),
    )


def longest(row: CatalogModel) -> int | None:
    """The most tokens that an answer has when nobody says: what calls are sent with, else what the model can."""
    said = [row.params.get(name) for name in ("max_completion_tokens", "max_tokens")]
    said += [row.info.get(name) for name in ("max_output_tokens", "max_tokens")]
    return next((value for value in said if type(value) is int and 0 < value <= MOST_TOKENS), None)


def denied_by(caller: Caller, name: str) -> Refusal:
    """The first level whose list does not cover the name."""
    by_kind = {level.kind: level for level in caller.levels}
    for kind in IN_ORDER:
        level = by_kind.get(kind)
        if level and restricts(level.models) and not names_of(level.models, caller.groups).covers(name):
            return model_denied(kind, str(level.row.pk), name)
    for cap in caller.caps:
        if cap.models is not None and not cap.models.covers(name):
            return model_denied(cap.kind, cap.name, name)
    return model_denied(caller.levels[0].kind, str(caller.levels[0].row.pk), name)
