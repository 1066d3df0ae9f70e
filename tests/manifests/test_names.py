"""Names of rows that nobody has named: a look at one name writes no others, and says what naming all would say."""

import pytest

from manifests import names
from manifests.kinds import KINDS, Kind
from manifests.models import Manifest
from tests.factories import KeyFactory, TeamFactory, UserFactory
from tests.world import World

ALIASES = ("Ai Team!", "ai  team", "AI-TEAM", "Äi Teäm", "東京", "key", "key ring", "x" * 70, "-", "50% off_now")
NAMED = [kind for kind in KINDS.values() if not kind.fixed]


@pytest.fixture
def oddly_called(cast: World) -> World:
    """Rows whose aliases become the same name, or none, or are cut; more of them than of any other kind."""
    for number, alias in enumerate(ALIASES):
        TeamFactory(organization=cast.there.organization if number % 2 else cast.organization, alias=alias)
        UserFactory(name=alias, email=f"{number}.odd@example.com")
        KeyFactory(user=cast.member, organization=cast.organization, alias="" if number > 5 else alias)
    return cast


@pytest.mark.parametrize("kind", NAMED, ids=lambda kind: kind.name)
def test_each_row_is_found_by_the_name_that_naming_all_would_give_it(oddly_called: World, kind: Kind) -> None:
    names.name_all(kind)
    given = dict(Manifest.objects.filter(kind=kind.name).values_list("name", "object_id"))
    assert len(given) == kind.queryset().count() > 0
    for name, row in given.items():
        Manifest.objects.filter(kind=kind.name).delete()
        found = names.find(kind, names.home(), name)
        assert found is not None, name
        assert found.object_id == row, name


def test_a_look_at_a_name_that_is_nobodys_writes_nothing(oddly_called: World) -> None:
    for name in ("no-such-team", "ai-teams", "teamwork", "ffffff", "no-such-abcdef"):
        assert names.find(KINDS["Team"], names.home(), name) is None
    letters = set(Manifest.objects.values_list("name", flat=True))
    assert len(letters) <= 2, "but for those of other letters, once: a database cannot say what becomes of them"
    names.find(KINDS["Team"], names.home(), "ai-team")
    assert Manifest.objects.count() <= len(letters) + 3, "whoever competes for the name"
