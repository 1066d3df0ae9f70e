"""`find`: what one may not see is not there; what one may not do is refused; refused writes are on record."""

from typing import Any
from uuid import uuid4

import pytest

from keys.models import Key
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.errors import NotFound, PermissionDenied
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action
from teams.models import Team, User
from tests.factories import KeyFactory
from tests.policy import subjects
from tests.world import World


def refusal(cast: World, name: str, action: Action, source: Any, ident: Any) -> NotFound | PermissionDenied:
    with pytest.raises((NotFound, PermissionDenied)) as caught:
        policy.find(cast.actor(name), action, source, ident)
    return caught.value


def test_a_row_answers_to_all_its_names(cast: World) -> None:
    actor, team, key = cast.actor("proxy_admin"), cast.team, cast.here.keys["member_team"]
    for ident in (team.pk, str(team.pk), team.pk.hex, team.public_id, team.prefixed_id):
        assert policy.find(actor, Action.SEE_TEAMS, Team, ident) == team
    for ident in (key.pk, key.token, key.secret, key.prefixed_id):
        assert policy.find(actor, Action.VIEW_KEYS, Key, ident) == key
    for ident in ("member@acme.example.com", "MEMBER@acme.example.com", cast.member.pk):
        assert policy.find(actor, Action.VIEW_PEOPLE, User, ident) == cast.member


def test_what_may_be_seen_but_not_done_is_403(cast: World) -> None:
    error = refusal(cast, "member", Action.MANAGE_MEMBERS, Team, cast.team.pk)
    assert isinstance(error, PermissionDenied)
    assert error.status == 403
    assert error.obj == cast.team
    assert error.decision.allowed is False
    assert error.decision.action is Action.MANAGE_MEMBERS
    assert "team admin" in error.decision.roles_that_could


def test_what_may_not_be_seen_is_404(cast: World) -> None:
    error = refusal(cast, "stranger", Action.SEE_TEAMS, Team, cast.team.pk)
    assert isinstance(error, NotFound)
    assert error.status == 404


@pytest.mark.parametrize("action", [Action.VIEW_KEYS, Action.DELETE_KEYS])
def test_the_invisible_answers_like_a_random_id(cast: World, action: Action) -> None:
    """Rulebook 25: same class, same words but for the id that was sent."""
    for source, row in ((Key, cast.there.keys["member_team"]), (Team, cast.there.team), (User, cast.there.member)):
        for ident, random in ((row.pk, uuid4()), (row.prefixed_id, f"{row.id_prefix}{uuid4().hex}")):
            real, none = (refusal(cast, "org_admin", action, source, text) for text in (ident, random))
            assert type(real) is type(none) is NotFound
            assert str(real).replace(str(ident), "") == str(none).replace(str(random), "")
            assert (real.status, real.kind) == (none.status, none.kind)


def test_every_kind_of_row_of_next_door_is_404(cast: World) -> None:
    subjects.furnish(cast)
    for model in subjects.SUBJECTS:
        seen = policy.visible(cast.actor("team_admin"), model.view_action, model._default_manager.all())  # type: ignore[attr-defined]
        hidden = model._default_manager.exclude(pk__in=seen.values("pk")).first()
        assert hidden is not None, model
        assert isinstance(refusal(cast, "team_admin", Action.DELETE_KEYS, model, hidden.pk), NotFound)


def test_a_filtered_queryset_narrows_what_is_found(cast: World) -> None:
    mine = Team.objects.filter(organization=cast.there.organization)
    assert isinstance(refusal(cast, "proxy_admin", Action.SEE_TEAMS, mine, cast.team.pk), NotFound)


@pytest.mark.parametrize("ident", ["", "no-such-id", "team_", "team_zz", "٣", "x" * 5000, "{}", "' or 1=1"])
def test_nonsense_is_404(cast: World, ident: str) -> None:
    for model in subjects.SUBJECTS:
        error = refusal(cast, "proxy_admin", Action.DELETE_KEYS, model, ident)
        assert isinstance(error, NotFound)


def test_a_refused_write_is_on_record(cast: World) -> None:
    """Rulebook 26: 403 and 404 on an existing row, with who, what, where and why."""
    team = cast.team
    refusal(cast, "member", Action.MANAGE_MEMBERS, Team, team.pk)
    refusal(cast, "stranger", Action.MANAGE_MEMBERS, Team, team.pk)
    forbidden, hidden = AuditEvent.objects.order_by("created_at")
    assert forbidden.event == hidden.event == "team.manage_members"
    assert (forbidden.outcome, forbidden.status) == ("refused", 403)
    assert (hidden.outcome, hidden.status) == ("refused", 404)
    assert (forbidden.kind, forbidden.object_id, forbidden.object_label) == ("team", str(team.pk), team.alias)
    assert (forbidden.organization_id, forbidden.team_id) == (team.organization_id, team.pk)
    assert (forbidden.actor_user_id, forbidden.actor_label) == (cast.member.pk, cast.member.email)
    assert forbidden.details["decision"]["allowed"] is False
    assert forbidden.details["decision"]["action"] == "manage_members"
    assert hidden.actor_user_id == cast.stranger.pk


def test_refused_reads_and_random_ids_are_not_on_record(cast: World) -> None:
    refusal(cast, "member", Action.VIEW_TEAMS, Team, cast.team.pk)
    refusal(cast, "stranger", Action.SEE_TEAMS, Team, cast.team.pk)
    refusal(cast, "member", Action.MANAGE_MEMBERS, Team, uuid4())
    refusal(cast, "reader", Action.VIEW_ORGANIZATIONS, Organization, cast.organization.pk)
    assert not AuditEvent.objects.exists()


def test_a_secret_given_as_an_id_stands_neither_in_the_answer_nor_in_the_record(cast: World) -> None:
    key = KeyFactory(user=cast.there.member)
    error = refusal(cast, "member", Action.DELETE_KEYS, Key, key.secret)
    assert key.secret not in str(error)
    event = AuditEvent.objects.get()
    assert event.object_id == str(key.pk)
    assert key.secret not in str(event.details)
    assert isinstance(refusal(cast, "member", Action.VIEW_KEYS, Key, key.secret[:-1] + "0"), NotFound)


def test_two_queries_say_that_a_row_is_not_there(cast: World, django_assert_max_num_queries: Any) -> None:
    actor = cast.actor("member")
    len(actor.grants)
    with django_assert_max_num_queries(1):
        policy.find(actor, Action.SEE_TEAMS, Team, cast.team.pk)
    with django_assert_max_num_queries(3), pytest.raises(NotFound):
        policy.find(actor, Action.SEE_TEAMS, Team, uuid4())
