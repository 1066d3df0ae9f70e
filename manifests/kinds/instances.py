"""What other manifests name as theirs: this server, and the models that it serves. Both are only read here."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from pydantic import Field

from gateway.models import CatalogModel
from manifests.kinds.fields import Anything, Named, Spec
from manifests.kinds.kind import INSTANCES, Column, Kind, Seen, Status
from manifests.kinds.scopes import AGE, READY
from rbacadmin.policy import Action, Actor


class InstanceSpec(Spec):
    """Nothing: this server runs already."""


class InstanceKind(Kind):
    """One resource, which no row stands for."""

    name, plural, group = "LiteLLMInstance", "litellminstances", INSTANCES
    description = "A gateway; the one here is this server."
    spec, status, model = InstanceSpec, Status, CatalogModel
    fields = {}
    read_only = fixed = True
    columns = (READY, AGE)
    sees = creates = changes = deletes = Action.VIEW_MODELS

    def extras(self, actor: Actor, rows: Sequence[Any], allowed: Mapping[Any, frozenset[str]]) -> dict[Any, Seen]:
        return {}


class ModelSpec(Spec):
    """A model, as it is called."""

    modelName: Named = Field(description="The name that callers use.")
    litellmParams: Anything | None = Field(default=None, description="How it is called; never a credential.")


class ModelStatus(Status):
    modelId: str | None = None
    modelName: str | None = None


class ModelKind(Kind):
    name, plural, group = "Model", "models", INSTANCES
    description = "A model that may be called. Made and changed in the dashboard and through the model routes."
    spec, status, model = ModelSpec, ModelStatus, CatalogModel
    fields = {"modelName": "name", "litellmParams": "params"}
    read_only = True
    alias_columns = ("name",)
    columns = (
        READY,
        Column("Model Name", ".spec.modelName", "The name that callers use."),
        Column("Provider", ".spec.litellmParams.custom_llm_provider", "Who serves it.", priority=1),
        Column("Model ID", ".status.modelId", "Its id.", priority=1),
        AGE,
    )
    sees = Action.VIEW_MODELS
    creates = changes = deletes = Action.MANAGE_MODELS

    def queryset(self) -> QuerySet[CatalogModel]:
        return CatalogModel.objects.select_related("organization", "team", "project")

    def alias_of(self, row: Any) -> str:
        return str(row.name)

    def extras(self, actor: Actor, rows: Sequence[Any], allowed: Mapping[Any, frozenset[str]]) -> dict[Any, Seen]:
        return {row.pk: Seen({}, {"modelId": row.public_id, "modelName": row.name}) for row in rows}
