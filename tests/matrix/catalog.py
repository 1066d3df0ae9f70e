"""MOD, ACG and TEA-12: models, access groups, and the models that teams bring."""

from typing import Any

from gateway.models import CatalogModel, ModelAccessGroup
from orgs.models import Organization
from teams.models import User
from tests.matrix import objects
from tests.matrix.calls import IN_TEAM, INVISIBLE, MEMBERS, NO_OBJECT, PLATFORM, Call, Cell, refusals
from tests.world import World

IN_CATALOG = refusals(*PLATFORM, *MEMBERS, "other_org_admin")  # who may use the model; loner and viewer are nowhere
TEAM = ("proxy_admin", "proxy_admin_viewer", "org_admin", "team_admin", "team_member", "team_member_granted")
ELSEWHERE = {"org_admin": 404, "others": 404}


def team_model(world: World, persona: str) -> Any:
    return world.catalog["here_granted_team" if persona == "team_member_granted" else "here_team"]


OF_TEAM: dict[str, Any] = {
    "own": team_model,
    "sibling": lambda world: world.catalog["here_other_team"],
    "foreign": lambda world: world.catalog["there_team"],
    "denied": IN_TEAM,
}
OF_PLATFORM: dict[str, Any] = {
    "own": lambda world, persona: world.catalog["gpt-4o"],
    "sibling": lambda world: world.catalog["o3"],  # that no organization may use
    "denied": IN_CATALOG,
    "beyond": ELSEWHERE,
}
GROUP: dict[str, Any] = {"own": lambda world, persona: world.catalog["fast"]}


def params(**fields: Any) -> dict[str, Any]:
    return {"litellm_params": {"model": "openai/llama", "api_key": "provider-secret", **fields}}


def created(cell: Cell, answer: Any) -> None:
    model = CatalogModel.objects.get(public_id=answer["model_id"])
    assert (model.name, model.team) == ("newly served", cell.target)
    assert "provider-secret" not in str(answer)


def changing(where: dict[str, Any]) -> tuple[Call, ...]:
    """Everything that changes a model."""
    return (
        Call("POST", "/model/update", lambda cell: {"id": cell.ident, "litellm_params": {"rpm": 7}},
             event="model.updated", **where),
        Call("PATCH", "/model/{id}/update", lambda cell: {"litellm_params": {"rpm": 7}},
             event="model.updated", **where),
        Call("POST", "/model/delete", lambda cell: {"id": cell.ident}, event="model.deleted", **where),
        Call("POST", "/model/block", lambda cell: {"model_id": cell.ident}, event="model.blocked", **where),
        Call("POST", "/model/unblock", lambda cell: {"model_id": cell.ident}, event="model.unblocked",
             arrange=lambda cell: set_blocked(cell), **where),
    )  # fmt: skip


def set_blocked(cell: Cell) -> None:
    CatalogModel.objects.filter(pk=cell.target.pk).update(blocked=True)


def usable(cell: Cell) -> set[str]:
    """The names that somebody may use: their organization's of the platform's, and what their teams brought."""
    catalog, persona = cell.world.catalog, cell.persona
    if persona in PLATFORM:
        return {row.name for row in catalog.values() if isinstance(row, CatalogModel)}
    theirs = {
        "org_admin": ("here_team", "here_granted_team", "here_other_team"),
        "other_org_admin": ("there_team", "there_granted_team", "there_other_team"),
        "team_admin": ("here_team",),
        "team_member": ("here_team",),
        "team_member_granted": ("here_granted_team",),
    }.get(persona, ())
    names = {catalog[name].name for name in theirs}
    return names | {"gpt-4o", "claude"} if persona in (*MEMBERS, "other_org_admin") else names


def listed(cell: Cell, answer: Any) -> None:
    assert {row["id"] for row in answer["data"]} == usable(cell)


def informed(cell: Cell, answer: Any) -> None:
    assert {row["model_name"] for row in answer["data"]} == usable(cell)


def shown(cell: Cell, answer: Any) -> None:
    (row,) = answer["data"]
    assert row["model_id"] == cell.ident
    leads = ("proxy_admin", "proxy_admin_viewer", "org_admin", "team_admin", "other_org_admin")
    assert ("created_at" in row) == (cell.persona in leads)


def assign_here(cell: Cell) -> None:
    Organization.objects.filter(pk=cell.world.here.organization.pk).update(models=["gpt-4o", "fast"])


def assign(cell: Cell) -> None:
    """To the persona themselves; a foreign group to the other organization."""
    if cell.where == "foreign":
        Organization.objects.filter(pk=cell.world.there.organization.pk).update(models=["fast"])
    elif cell.name:
        User.objects.filter(pk=cell.user.pk).update(models=["fast"])


def assigned(cell: Cell, answer: Any) -> None:
    expected = ["fast"] if cell.persona in (*PLATFORM, *MEMBERS) else []
    assert [row["access_group"] for row in answer["access_groups"]] == expected


def group_made(cell: Cell, answer: Any) -> None:
    assert ModelAccessGroup.objects.get(name="quick").models == ["claude", "gpt-4o"]


def new_models(cell: Cell) -> dict[str, Any]:
    return {"model_names": ["gpt-4o"]}


ROWS: dict[str, tuple[Call, ...]] = {
    "TEA-12": (
        Call("POST", "/model/new",
             lambda cell: {"model_name": "newly served", **params(api_base="https://llm.example.com"),
                           "model_info": {"team_id": cell.ident}},
             own=objects.team, sibling=objects.sibling_team, foreign=objects.foreign_team, denied=IN_TEAM,
             event="model.created", check=created),
        *changing(OF_TEAM),
    ),
    "MOD-01": (
        Call("POST", "/model/new", lambda cell: {"model_name": "newly served", **params()}, denied=NO_OBJECT,
             event="model.created", check=created),
        *changing(OF_PLATFORM),
    ),
    "MOD-02": (
        Call("GET", "/models", lambda cell: {}, denied=NO_OBJECT, check=listed),
        Call("GET", "/v1/models", lambda cell: {}, denied=NO_OBJECT, check=listed),
        Call("GET", "/model/info", lambda cell: {}, denied=NO_OBJECT, check=informed),
        Call("GET", "/v2/model/info", lambda cell: {}, denied=NO_OBJECT, check=informed),
        Call("GET", "/v1/model/info", lambda cell: {"litellm_model_id": cell.ident}, check=shown,
             only=(*TEAM, "other_org_admin", "anonymous"), **{**OF_TEAM, "own": lambda world, persona: (
                 world.catalog["there_team"] if persona == "other_org_admin" else team_model(world, persona))}),
        Call("GET", "/v1/models/{id}", lambda cell: {}, only=("anonymous",), **OF_TEAM),
    ),
    "ACG-01": (
        Call("POST", "/access_group/new",
             lambda cell: {"access_group": "quick", "model_names": ["claude"],
                           "model_ids": [cell.world.catalog["gpt-4o"].public_id]} if cell.persona == "proxy_admin"
             else {"access_group": "quick", "model_names": ["claude", "gpt-4o"]},
             denied=NO_OBJECT, event="access_group.created", check=group_made),
    ),
    "ACG-02": (
        Call("PUT", "/access_group/{id}/update", new_models, denied=INVISIBLE, event="access_group.updated",
             **GROUP),
        Call("PUT", "/access_group/{id}/update", new_models, denied=refusals(*PLATFORM, *MEMBERS),
             arrange=assign_here, event="access_group.updated", **GROUP),
    ),
    "ACG-03": (
        Call("DELETE", "/access_group/{id}/delete", lambda cell: {}, denied=INVISIBLE,
             event="access_group.deleted", **GROUP),
    ),
    "ACG-04": (
        Call("GET", "/access_group/list", lambda cell: {}, arrange=assign_here, denied=NO_OBJECT, check=assigned,
             **GROUP),
    ),
    "ACG-05": (
        Call("GET", "/access_group/{id}/info", lambda cell: {}, arrange=assign, denied=NO_OBJECT,
             foreign=lambda world: world.catalog["fast"], beyond={"org_admin": 200, "others": 404}, **GROUP),
    ),
}  # fmt: skip
