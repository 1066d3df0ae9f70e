"""/model/*: each function is one request, one call, one answer."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from api.litellm import lists
from api.litellm.models import asks
from api.litellm.models.rows import MODELS, PRICES, model_rows, stored
from gateway import catalog
from gateway.models import CatalogModel
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams.models import Team


def find(actor: Actor, ident: str) -> CatalogModel:
    """The model to change. Its service asks besides whose it is."""
    return policy.find(actor, Action.ADD_TEAM_MODELS, MODELS.all(), ident)


def one(actor: Actor, model: CatalogModel) -> dict[str, Any]:
    return model_rows(actor, [model])[0]


def new(actor: Actor, body: asks.ModelNew) -> dict[str, Any]:
    info = body.model_info
    values = stored(body.litellm_params, info)
    groups = texts(info, "access_groups")
    return one(
        actor,
        catalog.create_model(
            actor, name=body.model_name, public_id=text(info, "id"), groups=groups, **owner(actor, info), **values
        ),
    )


def owner(actor: Actor, info: Mapping[str, Any]) -> dict[str, Any]:
    """Whose model it will be: a team's, a project's, an organization's, or (nothing named) the platform's."""
    found: dict[str, Any] = {}
    if team := text(info, "team_id"):
        found["team"] = policy.find(actor, Action.ADD_TEAM_MODELS, Team, team)
    elif project := text(info, "project_id"):
        found["project"] = policy.find(actor, Action.MANAGE_MODELS, Project, project)
    elif organization := text(info, "organization_id"):
        found["organization"] = policy.find(actor, Action.MANAGE_MODELS, Organization, organization)
    return found


def text(info: Mapping[str, Any], name: str) -> str | None:
    """An id in `model_info`, which is free otherwise."""
    value = info.get(name)
    if value is not None and not (isinstance(value, str) and 0 < len(value) <= 255):
        raise ValidationError({name: "Must be an id."})
    return value


def texts(info: Mapping[str, Any], name: str) -> list[str]:
    value = info.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value) or len(value) > 100:
        raise ValidationError({name: "Must be a list of names."})
    return value


def update(actor: Actor, body: asks.ModelUpdate) -> dict[str, Any]:
    ident = body.id or body.model_id or text(body.model_info or {}, "id")
    if ident is None:
        raise ValidationError({"id": "Name the model."})
    return changed(actor, ident, body)


def update_in_path(actor: Actor, body: asks.ModelUpdateInPath) -> dict[str, Any]:
    return changed(actor, body.model_id, body)


def changed(actor: Actor, ident: str, body: asks.ModelChanges) -> dict[str, Any]:
    """What is left out is kept; null clears a parameter."""
    model = find(actor, ident)
    values = stored(body.litellm_params, body.model_info)
    if body.model_name is not None:
        values["name"] = body.model_name
    return one(actor, catalog.update_model(actor, model, **values))


def delete(actor: Actor, body: asks.ModelById) -> dict[str, Any]:
    model = find(actor, body.id)
    catalog.delete_model(actor, model)
    return {"message": f"Model: {model.public_id} deleted successfully"}


def block(actor: Actor, body: asks.ModelNamed) -> dict[str, Any]:
    return one(actor, catalog.block_model(actor, find(actor, body.model_id)))


def unblock(actor: Actor, body: asks.ModelNamed) -> dict[str, Any]:
    return one(actor, catalog.unblock_model(actor, find(actor, body.model_id)))


def info(actor: Actor, body: asks.ModelFilter) -> dict[str, Any]:
    """All models that the caller may use, or one."""
    if body.litellm_model_id:
        rows = [policy.find(actor, Action.VIEW_MODELS, MODELS.all(), body.litellm_model_id)]
    else:
        rows = lists.everything(actor, Action.VIEW_MODELS, MODELS.all(), paged="/v2/model/info")
    return {"data": model_rows(actor, rows)}


def list_page(actor: Actor, body: asks.ModelPage) -> dict[str, Any]:
    found = MODELS.all()
    if body.search:
        found = found.filter(name__icontains=body.search)
    if body.modelId:
        found = found.filter(CatalogModel.named(body.modelId))
    if body.teamId:
        found = found.filter(team__in=Team.rows_named(body.teamId))
    order = lists.order_of(body.sortBy, body.sortOrder, {"model_name": "name", "status": "blocked"})
    page = policy.numbered(actor, Action.VIEW_MODELS, found, page=body.page, size=body.size, order=order)
    numbered = lists.numbered(page, "data", model_rows(actor, page.items))
    return {**numbered, "total_count": page.total, "current_page": page.page, "size": page.size}


def groups(actor: Actor, _body: asks.Request) -> dict[str, Any]:
    """The models that the caller may use, those of one name together: the dearest price, the sum of the rates."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in info(actor, asks.ModelFilter())["data"]:
        found.setdefault(row["model_name"], []).append(row)
    return {"data": [model_group(name, rows) for name, rows in sorted(found.items())]}


def model_group(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    params, infos = [row["litellm_params"] for row in rows], [row["model_info"] for row in rows]
    rates = {rate: [one[rate] for one in params if rate in one] for rate in ("tpm", "rpm")}
    return {
        "model_group": name,
        "providers": sorted({provider for one in params if (provider := provider_of(one))}),
        **{price: max(one[price] for one in infos) for price in PRICES},
        "mode": next((one["mode"] for one in infos if isinstance(one.get("mode"), str)), None),
        **{rate: sum(values) if values else None for rate, values in rates.items()},
    }


def provider_of(params: Mapping[str, Any]) -> str:
    """`custom_llm_provider`, or what stands before the slash of the upstream model."""
    named, model = params.get("custom_llm_provider"), params.get("model")
    if isinstance(named, str) and named:
        return named
    return model.split("/", 1)[0] if isinstance(model, str) and "/" in model else ""
