"""Ids that callers choose: whoever does not run the platform learns from them nothing about others, and takes none."""

import pytest

from orgs.models import Project
from orgs.services import create_project
from rbacadmin.errors import Duplicate, PermissionDenied
from teams.models import Membership, User
from teams.services import create_user
from tests.world import World


@pytest.mark.parametrize("ident", ["nobody-yet", "theirs"])
def test_an_org_admin_brings_nobody_in_by_an_id_that_is_no_address(cast: World, ident: str) -> None:
    """A free id and one of another tenant answer alike; else ids could be tried until one names somebody's address."""
    User.objects.filter(pk=cast.there.people["member"].pk).update(public_id="theirs")
    before = Membership.objects.count()
    with pytest.raises(PermissionDenied):
        create_user(cast.actor("org_admin"), public_id=ident, organizations=[cast.organization])
    with pytest.raises(PermissionDenied):
        create_user(cast.actor("org_admin"), public_id=ident, email="n@example.com", organizations=[cast.organization])
    assert Membership.objects.count() == before


def test_an_address_given_as_id_is_none_that_was_chosen(cast: World) -> None:
    made = create_user(cast.actor("org_admin"), public_id="New@example.com", organizations=[cast.organization])
    assert made.email == made.public_id == "new@example.com"


def test_nobody_is_made_under_the_id_of_somebody_else(cast: World) -> None:
    """Neither the public id nor the UUID: a request that names it must not mean two people."""
    admin, victim = cast.actor("proxy_admin"), cast.member
    User.objects.filter(pk=victim.pk).update(public_id="robot-7")
    for taken in ("robot-7", str(victim.pk), victim.prefixed_id):
        with pytest.raises(Duplicate) as caught:
            create_user(admin, public_id=taken, email="new@example.com")
        assert caught.value.field == "public_id"


@pytest.mark.parametrize("ident", ["nobody-yet", "theirs"])
def test_an_org_admin_hears_of_no_project_elsewhere_by_its_id(cast: World, ident: str) -> None:
    Project.objects.filter(pk=cast.there.project.pk).update(public_id="theirs")
    with pytest.raises(PermissionDenied):
        create_project(cast.actor("org_admin"), cast.organization, alias="New", public_id=ident)
