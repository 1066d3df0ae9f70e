"""`manage.py import_litellm` against what this product's own LiteLLM dialect answers: one installation into another."""

from typing import Any

from django.test import Client

from keys.models import Key
from orgs.models import Organization
from rbacadmin.policy import Action, Actor, grants
from teams.models import Membership, Team, User
from tests.commands.conftest import Company, company
from tests.importing.conftest import Bring
from tests.support.other_gateway import OtherGateway

__all__ = ("company",)

PATHS = (
    "/health/readiness",
    "/organization/list",
    "/user/list?page_size=100",
    "/v2/team/list?page_size=100",
    "/key/list?size=100&return_full_object=true",
)


def test_one_installation_comes_into_another(
    company: Company, gateway: OtherGateway, bring: Bring, settings: Any
) -> None:
    settings.MASTER_KEY = "sk-master-of-the-other-installation"
    for path in PATHS:
        answer = Client().get(path, headers={"Authorization": f"Bearer {settings.MASTER_KEY}"})
        assert answer.status_code == 200, answer.content
        gateway.answers[path.split("?")[0]] = answer.json()
    places = {row.label for row in Membership.objects.filter(project=None)}
    for model in (Key, Membership, Team, Organization, User):
        model._default_manager.all().delete()

    report = bring("import_litellm")
    assert {row.label for row in Membership.objects.all()} == places
    team = Team.objects.get(public_id=company.team.public_id)
    assert (team.alias, team.max_budget, team.organization.alias) == ("core", 100 * 10**9, "acme")
    assert grants.on(team, team.group) == {Action.VIEW_KEYS}
    assert Membership.objects.get(user__email="bob@acme.example.com", team=team).max_budget == 10 * 10**9
    key = Key.objects.get(alias="helpdesk-assistant")
    assert (key.user.email, key.team, key.models, bool(key.blocked)) == ("bob@acme.example.com", team, ["gpt-4o"], True)
    # what it shows as `token` is hashed under its own pepper: no secret can come over
    assert set(report["secrets"].values()) == {"needs a new secret"}
    assert report["remarks"]
    assert bring("import_litellm")["counts"]["key"].keys() == {"same"}
    assert Actor.for_key(key).active is False
