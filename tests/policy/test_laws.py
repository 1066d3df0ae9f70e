"""Laws that hold in every world, tried on generated ones."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from keys.models import Key
from rbacadmin import policy
from rbacadmin.policy import Action
from rbacadmin.policy.engine import limits, reasons
from rbacadmin.policy.roles import KEY_READS, KEY_WRITES
from tests.policy.worlds import Generated, Plan, plans, world

pytestmark = pytest.mark.django_db


def law(examples: int) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Run a test on so many worlds, the same ones every time."""

    def wrap(test: Callable[..., None]) -> Callable[[], None]:
        checked = settings(
            max_examples=examples,
            derandomize=True,
            database=None,
            phases=[Phase.generate],  # looking for a smaller world that fails too takes minutes
            suppress_health_check=list(HealthCheck),
        )(given(plan=plans)(test))
        return checked

    return wrap


def sample(made: Generated, seed: int, count: int) -> list[tuple[Any, Action, Any]]:
    """(actor, action, row) triples, the same for the same seed."""
    chance = random.Random(seed)
    actors, rows, actions = made.actors(), made.rows, list(Action)
    return [(chance.choice(actors), chance.choice(actions), chance.choice(rows)) for _ in range(count)]


def inside(made: Generated, model: type[Any]) -> Any:
    """The generated rows of a model: the cast's stand in the same tables."""
    return model._default_manager.filter(pk__in=[row.pk for row in made.by_model[model]])


@law(examples=20)
def test_the_list_holds_exactly_what_the_check_allows(plan: Plan) -> None:
    with world(plan) as made:
        chance, actors, rows = random.Random(len(made.rows)), made.actors(), made.by_model
        for number in range(300):
            actor, action, model = chance.choice(actors), chance.choice(list(Action)), chance.choice(list(rows))
            if number < 150:  # keys have the most ways to be somebody's
                action, model = chance.choice(sorted(KEY_READS | KEY_WRITES)), Key
            allowed = {row.pk for row in rows[model] if policy.can(actor, action, row)}
            listed = list(policy.visible(actor, action, inside(made, model)).values_list("pk", flat=True))
            assert len(listed) == len(set(listed)), (actor, action, model)
            assert set(listed) == allowed, (actor, action, model)


@law(examples=20)
def test_pages_of_every_size_are_the_list_in_order(plan: Plan) -> None:
    with world(plan) as made:
        chance, actors, models = random.Random(len(made.rows)), made.actors(), list(made.by_model)
        for size in (1, 2, 50):
            for actor in chance.sample(actors, 5):
                model = chance.choice(models)
                action = model.view_action  # type: ignore[attr-defined]
                whole = list(policy.visible(actor, action, inside(made, model)).order_by("-created_at", "-pk"))
                pages = [policy.page(actor, action, inside(made, model), size=size)]
                while (cursor := pages[-1].next_cursor) and len(pages) <= len(whole):
                    pages.append(policy.page(actor, action, inside(made, model), after=cursor, size=size))
                assert [row for page in pages for row in page.items] == whole, (actor, action, model)


@law(examples=20)
def test_the_reverse_look_up_names_exactly_those_who_can(plan: Plan) -> None:
    with world(plan) as made:
        ids = {person.pk for person in made.people}
        everybody = [actor for actor in made.actors() if actor.principal.startswith("user:") and actor.reach is None]
        for _, action, row in sample(made, len(made.rows), 120):
            named = list(policy.who(action, row).filter(pk__in=ids).values_list("pk", flat=True))
            assert len(named) == len(set(named))
            assert set(named) == {actor.user_id for actor in everybody if policy.can(actor, action, row)}, (action, row)


def test_the_generator_reaches_every_kind_of_reason_and_limit() -> None:
    """A generator that draws dull worlds would prove nothing."""
    seen: Counter[str] = Counter()

    @law(examples=20)
    def look(plan: Plan) -> None:
        with world(plan) as made:
            for actor, action, row in sample(made, 1, 2000):
                seen.update(reason.kind for reason in reasons(actor, action, row) if policy.can(actor, action, row))
                seen.update(limit.kind for limit in limits(actor, action, row))

    look()
    for kind in ("platform", "role", "grant", "owner", "inactive", "role_cap", "key_cap", "reach"):
        assert seen[kind] >= 20, seen
