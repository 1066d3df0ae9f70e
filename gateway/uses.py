"""Who names what in a stored list of models. Lists repeat, so each different one is looked at once."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db.models import Count, Model, Q, QuerySet

from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor, fields
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


def seen_naming(actor: Actor, name: str) -> Iterator[QuerySet[Model]]:
    """`naming`, as far as the actor may read these lists."""
    for users in naming(name):
        yield policy.visible(actor, reads_list(users.model), users)


def seen_uses(actor: Actor, names: Iterable[str]) -> Counter[str]:
    """How many lists that the actor may read name each of these. One query for each kind of row."""
    wanted, found = set(names), Counter[str]()
    for model in LISTING if wanted else ():
        readable = policy.visible(actor, reads_list(model), model._default_manager.filter(models__isnull=False))
        for models, count in readable.order_by().values_list("models").annotate(Count("pk")):
            found.update(dict.fromkeys(wanted.intersection(models or ()), count))
    return found


def reads_list(model: type[Model]) -> Action:
    """The action that shows a row's list of models."""
    return fields.FIELDS[model._meta.label]["models"].read
