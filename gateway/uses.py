"""Who names what in a stored list of models. Lists repeat, so each different one is looked at once."""

from collections.abc import Callable, Sequence

from django.db.models import Model, Q, QuerySet

from keys.models import Key
from orgs.models import Organization, Project
from teams.models import Membership, Team, User

LISTING: tuple[type[Model], ...] = (Organization, Project, Team, User, Membership, Key)


class Asked:
    """A question about stored lists, as filters."""

    def __init__(self, answer: Callable[[Sequence[str] | None], bool]) -> None:
        self.answer = answer

    def of(self, model: type[Model], prefix: str = "") -> Q:
        """The rows (reached through `prefix`) whose list is answered with yes."""
        lists = model._default_manager.filter(models__isnull=False).values_list("models", flat=True).distinct()
        condition = Q(**{f"{prefix}models__isnull": True}) if self.answer(None) else Q(pk__in=[])
        for models in lists:
            if self.answer(models):
                condition |= Q(**{f"{prefix}models": models})
        return condition


def naming(name: str) -> list[QuerySet[Model]]:
    """The rows of every kind that name this in their list of models."""
    asked = Asked(lambda models: name in (models or ()))
    return [model._default_manager.filter(asked.of(model)) for model in LISTING]
