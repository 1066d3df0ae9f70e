"""/access_group/*: each function is one request, one call, one answer."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError

from api.litellm import lists
from api.litellm.access_groups import asks
from gateway import access_groups as services
from gateway.models import CatalogModel, ModelAccessGroup
from rbacadmin import policy
from rbacadmin.policy import Action, Actor


def new(actor: Actor, body: asks.AccessGroupNew) -> dict[str, Any]:
    group = services.create_access_group(actor, name=body.access_group, models=named(actor, body))
    return written(group)


def update(actor: Actor, body: asks.AccessGroupUpdate) -> dict[str, Any]:
    group = find(actor, Action.MANAGE_ACCESS_GROUPS, body.access_group)
    return written(services.update_access_group(actor, group, models=named(actor, body)))


def delete(actor: Actor, body: asks.AccessGroupNamed) -> dict[str, Any]:
    group = find(actor, Action.MANAGE_ACCESS_GROUPS, body.access_group)
    services.delete_access_group(actor, group)
    return {
        "access_group": group.name,
        "models_updated": len(group.models),
        "message": f"Access group '{group.name}' deleted successfully",
    }


def find(actor: Actor, action: Action, ident: str) -> ModelAccessGroup:
    return policy.find(actor, action, ModelAccessGroup, ident)


def named(actor: Actor, body: asks.GroupModels) -> list[str]:
    """The names of the models, also of those that are named by id."""
    found = list(body.model_names or ())
    for ident in body.model_ids or ():
        rows = policy.visible(actor, Action.VIEW_MODELS, CatalogModel.rows_named(ident))
        model = rows.first()
        if model is None:
            raise ValidationError({"model_ids": f"There is no model with the id '{ident}'."})
        found.append(model.name)
    return found


def info(actor: Actor, body: asks.AccessGroupNamed) -> dict[str, Any]:
    return group_rows([find(actor, Action.VIEW_ACCESS_GROUPS, body.access_group)])[0]


def list_all(actor: Actor, _body: asks.Request) -> dict[str, Any]:
    """All groups for platform admins, for others those that are assigned to them."""
    groups = ModelAccessGroup.objects.all()
    rows = lists.everything(actor, Action.VIEW_ACCESS_GROUPS, groups, paged="/access_group/{access_group}/info")
    return {"access_groups": group_rows(rows)}


def group_rows(groups: Sequence[ModelAccessGroup]) -> list[dict[str, Any]]:
    """A name is one deployment: they are unique among the platform's models."""
    return [
        {"access_group": row.name, "model_names": row.models, "deployment_count": len(row.models)} for row in groups
    ]


def written(group: ModelAccessGroup) -> dict[str, Any]:
    ids = dict(services.stood_for(group.models).values_list("name", "public_id"))
    return {
        "access_group": group.name,
        "model_names": group.models,
        "model_ids": [ids[name] for name in group.models if name in ids],
        "models_updated": len(group.models),
    }
