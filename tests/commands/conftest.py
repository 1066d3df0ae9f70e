"""An empty database, and a small company made in it by nothing but the services."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from gateway.models import CatalogModel, DailyUsage, ModelAccessGroup, Spend
from keys.models import Key
from keys.services import block_key, generate_key, generate_service_key
from orgs.models import Organization, Project
from orgs.services import create_organization, create_project
from rbacadmin.management.commands.bootstrap import bootstrap
from rbacadmin.policy import Action, Actor
from teams.models import Membership, Team, User
from teams.services import add_member, create_team, create_user

DAY = date(2026, 3, 1)


@dataclass
class Company:
    """What the services made."""

    organization: Organization
    team: Team
    project: Project
    admin: User
    member: User
    membership: Membership
    key: Key
    service_key: Key


@pytest.fixture
def empty(db: None) -> None:
    """No rows of the cast: they were made by factories, which leave no record."""
    for model in (Key, Membership, Team, Project, Organization, User, CatalogModel, ModelAccessGroup):
        model._default_manager.all().delete()


@pytest.fixture
def run() -> Callable[..., str]:
    """`run("verify")` gives the output of a command; SystemExit passes through with the output so far."""

    def call(*arguments: str, **options: Any) -> str:
        out = StringIO()
        try:
            call_command(*arguments, stdout=out, stderr=out, **options)
        except SystemExit as error:
            raise SystemExit(error.code, out.getvalue()) from None
        return out.getvalue()

    return call


@pytest.fixture
def company(empty: None) -> Company:
    bootstrap()
    root = Actor.for_user(User.objects.get(platform_role="proxy_admin"))
    organization = create_organization(root, alias="acme", max_budget=1000 * 10**9, models=["gpt-4o", "claude"])
    team = create_team(
        root, organization, alias="core", max_budget=100 * 10**9, permissions=frozenset({Action.VIEW_KEYS})
    )
    project = create_project(root, organization, alias="search")
    admin = create_user(root, email="ada@acme.example.com", organizations=[organization])
    add_member(root, team, person="ada@acme.example.com", role="admin")
    membership = add_member(root, team, person="bob@acme.example.com", role="user", max_budget=10 * 10**9)
    add_member(root, project, person="ada@acme.example.com", role="owner")
    eve = add_member(root, organization, person="eve@acme.example.com", role="org_admin")
    key, _ = generate_key(root, owner=membership.user, team=team, alias="helpdesk-assistant", models=["gpt-4o"])
    service_key, _ = generate_service_key(root, team=team, project=project, alias="robot")
    generate_key(Actor.for_user(eve.user), owner=eve.user, team=team, alias="from above")
    generate_key(root, alias="nobody's")
    block_key(Actor.for_user(admin), key)
    spend(key, 7)
    spend(service_key, 5)
    return Company(organization, team, project, admin, membership.user, membership, key, service_key)


def spend(key: Key, nano: int) -> None:
    """Book usage of a key, for itself and all that is above it."""
    ids = [("key", key.pk), ("organization", key.organization_id), ("team", key.team_id), ("project", key.project_id)]
    for kind, pk in ids:
        if pk is None:
            continue
        row, _ = Spend.objects.get_or_create(object_id=pk, defaults={"kind": kind})
        row.lifetime, row.current = row.lifetime + nano, row.current + nano
        row.save()
        day, _ = DailyUsage.objects.get_or_create(kind=kind, object_id=pk, day=DAY, model="gpt-4o")
        day.spend += nano
        day.save()
