"""Over generated worlds: a call is admitted exactly when the policy and the lists of all levels say so."""

from typing import Any

import pytest
from django.utils import timezone

from gateway.admission import refusal_of
from gateway.admission.load import RELATED
from gateway.admission.standing import may_call
from gateway.effective import effective_for_key
from gateway.models import CatalogModel
from keys.models import Key
from rbacadmin.model_names import names_of
from rbacadmin.policy import Actor
from tests.policy.test_laws import law
from tests.policy.worlds import Plan, world

PLATFORMS = ("gpt-4", "openai/x", "openai/y")
NAMES = (*PLATFORMS, "nobody's")


def expected(key: Key, name: str) -> int:
    """What a call must be answered, worked out without admission."""
    actor, now = Actor.for_key(key), timezone.now()
    if not key.is_live(now) or (key.user is not None and not key.user.is_active):
        return 401
    scopes: list[Any] = [key.team, key.project, key.organization]
    if any(scope.blocked for scope in scopes if scope is not None) or not may_call(key, actor):
        return 403
    models = effective_for_key(key).models
    if models is not None and not (models and names_of(models, {}).covers(name)):
        return 403
    return 200 if name in PLATFORMS else 400


@pytest.mark.sqlite
@pytest.mark.django_db
@law(examples=25)
def test_a_call_is_admitted_exactly_when_policy_and_lists_say_so(plan: Plan) -> None:
    with world(plan) as made:
        CatalogModel.objects.filter(organization=None, team=None, project=None).delete()
        CatalogModel.objects.bulk_create([CatalogModel(name=name, public_id=name) for name in ("gpt-4", "openai/*")])
        answers = set()
        for key in Key.objects.select_related(*RELATED).filter(pk__in=[key.pk for key in made.keys]):
            for name in NAMES:
                refusal = refusal_of(key, name)
                answers.add(refusal.status if refusal else 200)
                assert (refusal.status if refusal else 200) == expected(key, name), (key, name, refusal)
        assert len(answers) > 1 or answers == {403} or answers == {401}
