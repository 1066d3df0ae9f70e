"""What a list of manifests holds: rows made anywhere, under names, as far as one sees them, at one cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gateway.models import CatalogModel
from manifests.kinds import KINDS
from manifests.resources import listed
from manifests.resources import shown as documents_of
from teams.models import Team
from tests.factories import KeyFactory, OrganizationFactory, ProjectFactory, TeamFactory, UserFactory, join
from tests.world import World


def test_rows_made_elsewhere_have_names(cast: World) -> None:
    actor = cast.actor("proxy_admin")
    assert {"acme-core", "globex-core"} <= {one.manifest.name for one in listed(actor, KINDS["Team"], "litellm")}
    twin = Team(alias="ACME, core!")
    twin.save()
    found = {one.row.pk: one.manifest.name for one in listed(actor, KINDS["Team"])}
    assert found[twin.pk] == f"acme-core-{twin.pk.hex[:6]}"
    assert "member-acme-core" in {one.manifest.name for one in listed(actor, KINDS["TeamMemberAssociation"])}


@pytest.mark.parametrize(
    ("person", "names"),
    [("member", {"acme-core"}), ("org_admin", {"acme-core", "acme-trusted", "acme-sibling"}), ("loner", set())],
)
def test_everybody_sees_what_they_see_elsewhere(cast: World, person: str, names: set[str]) -> None:
    assert {one.manifest.name for one in listed(cast.actor(person), KINDS["Team"])} == names


@pytest.mark.parametrize(
    "kind", ["Team", "User", "TeamMemberAssociation", "Organization", "Project", "VirtualKey", "Model"]
)
def test_a_list_costs_the_same_for_few_and_many(cast: World, kind: str) -> None:
    def cost() -> int:
        actor = cast.actor("proxy_admin")
        documents_of(actor, KINDS[kind], listed(actor, KINDS[kind]))  # names are given once
        actor = cast.actor("proxy_admin")
        with CaptureQueriesContext(connection) as counted:
            documents_of(actor, KINDS[kind], listed(actor, KINDS[kind]))
        return len(counted)

    before = cost()
    for _ in range(5):
        organization = OrganizationFactory()
        ProjectFactory(organization=organization)
        person = UserFactory()
        join(person, TeamFactory(organization=organization), "user")
        KeyFactory(user=person)
        CatalogModel.objects.create(name=f"model {person.pk}")
    assert cost() == before
