"""Keys that somebody makes, renews, prolongs or moves who may do so until a moment end then at the latest."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from keys.admin_keys import generate_admin_key
from keys.models import Key
from keys.moves import move_key
from keys.rotation import regenerate_key
from keys.service_accounts import add_service_key
from keys.services import generate_key, generate_service_key, update_key
from rbacadmin.config_file.shapes import KeyDefaults
from rbacadmin.errors import Outlives
from rbacadmin.models import AuditEvent, Change
from rbacadmin.policy import Action
from teams.models import Membership, User
from teams.services import share_scope
from tests.factories import KeyFactory
from tests.world import World

DAY = timedelta(days=1)


@pytest.fixture
def end(cast: World) -> datetime:
    """When the admin of the team, the owner of the project and a reader who leads the organization stop being so."""
    moment = timezone.now() + DAY
    Membership.objects.filter(user=cast.team_admin, team=cast.team).update(expires_at=moment)
    Membership.objects.filter(user=cast.project_owner, project=cast.project).update(expires_at=moment)
    Membership.objects.filter(user=cast.reader, team=None).update(role="org_admin", expires_at=moment)
    return moment


def state() -> tuple[Any, ...]:
    keys = Key.objects.order_by("pk").values_list("pk", "token", "expires_at", "user", "team", "project")
    return list(keys), User.objects.count(), Change.objects.count()


def refused(latest: datetime, event: str, run: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """400, named by its field, on record, and nothing changed."""
    before, told = state(), AuditEvent.objects.filter(outcome="refused").count()
    with pytest.raises(Outlives) as caught:
        run(*args, **kwargs)
    assert (caught.value.latest, set(caught.value.message_dict)) == (latest, {"expires_at"})
    assert state() == before
    found = AuditEvent.objects.filter(outcome="refused").order_by("-created_at", "-pk")
    assert (found.count(), found[0].event, found[0].status) == (told + 1, event, 400)


def test_every_key_that_is_made_ends_with_the_right_to_make_it(cast: World, end: datetime) -> None:
    team_admin, owner, leader = (cast.actor(name) for name in ("team_admin", "project_owner", "reader"))
    account = cast.here.keys["project_service"].user
    ways: tuple[tuple[str, Any, tuple[Any, ...], dict[str, Any]], ...] = (
        ("key.generate", generate_key, (team_admin,), {"owner": cast.team_admin, "team": cast.team}),
        ("key.generate", generate_key, (team_admin,), {"owner": cast.member, "team": cast.team}),
        ("key.generate", generate_key, (owner,), {"owner": cast.project_owner, "project": cast.project}),
        ("key.generate", generate_key, (leader,), {"owner": cast.member, "organization": cast.organization}),
        ("key.generate_service", generate_service_key, (team_admin,), {"team": cast.team, "name": "robot"}),
        ("key.generate_service", generate_service_key, (leader,), {"project": cast.project, "name": "robot"}),
        ("key.add_service", add_service_key, (owner, cast.project), {"account": account}),
        ("key.generate_admin", generate_admin_key, (leader, cast.organization), {}),
    )
    for event, make, args, where in ways:
        assert make(*args, **where)[0].expires_at == end, where
        sooner = end - timedelta(hours=1)
        assert make(*args, **where, expires_at=sooner)[0].expires_at == sooner
        for later in (None, end + timedelta(seconds=1)):
            refused(end, event, make, *args, **where, expires_at=later)


def test_a_default_end_counts_where_it_comes_sooner(cast: World, end: datetime, settings: Any) -> None:
    for duration, most in (("1h", timezone.now() + timedelta(hours=2)), ("30d", end)):
        settings.KEY_DEFAULTS = KeyDefaults(duration=duration)
        made, _secret = generate_key(cast.actor("team_admin"), owner=cast.member, team=cast.team)
        assert made.expires_at is not None
        assert made.expires_at <= most


def test_personal_keys_have_no_end_from_a_role_elsewhere(cast: World, end: datetime) -> None:
    """What is one's own by oneself: minted, renewed, without a team."""
    for name in ("team_admin", "project_owner", "reader"):
        person = getattr(cast, name)
        key, _secret = generate_key(cast.actor(name), owner=person)
        assert key.expires_at is None
        renewed, _secret = regenerate_key(cast.actor(name), key)
        assert renewed.expires_at is None


def test_who_holds_it_for_good_makes_keys_for_good(cast: World, end: datetime) -> None:
    actor = cast.actor("second_team_admin")
    for made in (
        generate_key(actor, owner=cast.member, team=cast.team),
        generate_service_key(actor, team=cast.team, name="robot"),
        generate_key(cast.actor("org_admin"), owner=cast.member, organization=cast.organization),
        generate_admin_key(cast.actor("org_admin"), cast.organization),
        regenerate_key(actor, cast.here.keys["team_service"]),
    ):
        assert made[0].expires_at is None


def test_nobody_has_a_new_secret_of_a_key_that_outlives_their_right(cast: World, end: datetime) -> None:
    actor = cast.actor("team_admin")
    for name in ("team_service", "member_team"):
        key = cast.here.keys[name]
        refused(end, "key.regenerate", regenerate_key, actor, key)
        renewed, _secret = regenerate_key(actor, key, expires_at=end)
        assert renewed.expires_at == end
        assert regenerate_key(actor, renewed)[0].expires_at == end


def test_ones_own_key_is_renewed_as_it_is(cast: World, end: datetime) -> None:
    """It has been one's own, and does nothing beyond what one does oneself."""
    key = cast.here.keys["team_admin_team"]
    assert regenerate_key(cast.actor("team_admin"), key)[0].expires_at is None


def test_nobody_prolongs_a_key_beyond_their_right(cast: World, end: datetime) -> None:
    key = KeyFactory(user=cast.member, team=cast.team, organization=cast.organization, expires_at=end - DAY / 2)
    actor = cast.actor("team_admin")
    for later in (None, end + timedelta(seconds=1)):
        refused(end, "key.update", update_key, actor, key, expires_at=later)
    assert update_key(actor, key, expires_at=end).expires_at == end
    assert update_key(actor, key, alias="renamed").expires_at == end
    assert update_key(cast.actor("second_team_admin"), key, expires_at=None).expires_at is None
    assert update_key(actor, key, expires_at=end + DAY).expires_at == end + DAY, "sooner than before"


def test_nobody_moves_a_key_that_outlives_their_right(cast: World, end: datetime) -> None:
    """Whoever knows the secret would act as its new owner."""
    key, actor = cast.here.keys["member_team"], cast.actor("reader")
    refused(end, "key.move", move_key, actor, key, user=cast.colleague)
    update_key(actor, key, expires_at=end)
    assert move_key(actor, key, user=cast.colleague).user == cast.colleague
    assert move_key(cast.actor("org_admin"), cast.here.keys["colleague_team"], user=cast.member).expires_at is None


def test_what_is_shared_until_a_moment_makes_keys_until_then(cast: World) -> None:
    end = timezone.now() + DAY
    may = [Action.VIEW_PROJECTS, Action.CREATE_KEYS, Action.CREATE_SERVICE_KEYS]
    may += [Action.CALL_MODELS, Action.VIEW_MODELS]
    share_scope(cast.actor("org_admin"), cast.project, team=cast.team, actions=may, expires_at=end)
    own, _secret = generate_key(cast.actor("member"), owner=cast.member, project=cast.project)
    service, _secret = generate_service_key(cast.actor("member"), project=cast.project, name="robot")
    assert (own.expires_at, service.expires_at) == (end, end)


def test_a_key_for_somebody_lasts_as_long_as_all_that_it_can_do_is_held(cast: World, end: datetime) -> None:
    """The right to make keys for others is not enough: whoever has the secret holds all that the key does."""
    Membership.objects.filter(user=cast.second_team_admin, team=cast.team).update(role="user")
    may = [Action.VIEW_MEMBERS, Action.VIEW_PEOPLE, Action.CREATE_KEYS_FOR_OTHERS]
    join = Membership.objects.get(user=cast.outsider, team=cast.other_team)
    share_scope(cast.actor("org_admin"), cast.team, team=join.team, actions=may)
    Membership.objects.filter(user=cast.outsider, team=None).update(role="org_admin", expires_at=end)
    made, _secret = generate_key(cast.actor("outsider"), owner=cast.member, team=cast.team)
    assert made.expires_at == end
