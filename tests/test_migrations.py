"""The migrations are complete: a model that changed without one would work here and fail where it matters."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from teams.models import Membership, User
from tests.factories import join
from tests.world import World


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_the_system_checks_are_silent(db: None) -> None:
    call_command("check", fail_level="WARNING", stdout=StringIO(), stderr=StringIO())


def refused(write: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


def test_the_database_itself_refuses_roles_that_do_not_fit(cast: World) -> None:
    """`groups.add()` and hands in the shell do not pass through services."""
    membership = Membership.objects.get(user=cast.member, team=cast.team)
    for role in ("", "owner", "org_admin", "nonsense", "service", "token"):
        refused(lambda role=role: Membership.objects.filter(pk=membership.pk).update(role=role))
    refused(lambda: cast.loner.groups.add(cast.team.group))
    refused(lambda: User.objects.filter(pk=cast.loner.pk).update(platform_role="gateway"))
    refused(lambda: User.objects.filter(pk=cast.loner.pk).update(kind="service"))
    refused(lambda: join(cast.member, cast.team, "user"))


def test_the_database_itself_refuses_a_name_twice(cast: World) -> None:
    """Rulebook 21."""
    for row, other in ((cast.team, cast.other_team), (cast.project, cast.other_project)):
        refused(lambda row=row, other=other: type(row).objects.filter(pk=row.pk).update(alias_key=other.alias_key))
    refused(lambda: type(cast.organization).objects.update(alias_key="same"))
    refused(lambda: User.objects.filter(pk=cast.member.pk).update(email=cast.colleague.email))
