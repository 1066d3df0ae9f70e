"""What a moving scope means for the models that it owns. Usage stays: past spend is the old parent's."""

from typing import Any

from gateway.models import CatalogModel
from rbacadmin.moving import carry
from rbacadmin.policy import Actor


def carry_models(actor: Actor, scope: Any, before: Any) -> None:
    """A team's own models go along."""
    carry(actor, "model", CatalogModel.objects.filter(**{scope.kind: scope.pk}), scope)
