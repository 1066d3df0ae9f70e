"""What waits is tried again as who declared it, with the rights of that moment."""

from typing import Any

from manifests import names
from manifests.kinds import KINDS
from manifests.resources import find
from manifests.resources import shown as documents_of
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Actor
from teams.models import Membership, User
from teams.services import change_member, create_user
from tests.manifests.test_kinds import association, condition
from tests.world import World


def newcomer(cast: World, commits: Any) -> User:
    """Somebody new comes into the organization, through another door."""
    with commits(execute=True):
        return create_user(cast.actor("proxy_admin"), email="late@example.com", organizations=[cast.organization])


def test_it_becomes_so_when_its_author_still_may(
    cast: World, declare: Any, shown: Any, django_capture_on_commit_callbacks: Any
) -> None:
    declare("TeamMemberAssociation", "late", association("acme-core", "late", "member"), as_="team_admin")
    late = newcomer(cast, django_capture_on_commit_callbacks)
    assert condition(shown("TeamMemberAssociation", "late")) == ("True", "Ready")
    assert Membership.objects.filter(user=late, team=cast.team).exists()
    made = AuditEvent.objects.get(event="member.added", team_id=cast.team.pk)
    assert (made.actor_user_id, made.door) == (cast.team_admin.pk, "kubernetes")


def test_it_stays_undone_when_its_author_may_no_more(
    cast: World, declare: Any, django_capture_on_commit_callbacks: Any
) -> None:
    declare("TeamMemberAssociation", "late", association("acme-core", "late", "member"), as_="team_admin")
    own = Membership.objects.get(user=cast.team_admin, team=cast.team)
    change_member(cast.actor("proxy_admin"), own, role="user")
    late = newcomer(cast, django_capture_on_commit_callbacks)
    assert not Membership.objects.filter(user=late, team=cast.team).exists()
    actor: Actor = cast.actor("proxy_admin")
    kind = KINDS["TeamMemberAssociation"]
    (document,) = documents_of(actor, kind, [find(actor, kind, "litellm", "late")])
    assert condition(document)[0] == "False"


def test_a_person_of_another_organization_is_nobody(cast: World, declare: Any, shown: Any) -> None:
    """Whether they exist is not told: it waits, as for a name that nobody has."""
    stranger = cast.there.people["member"]
    name = names.named(KINDS["User"], [stranger])[stranger.pk].name
    for who in (name, "nobody-at-all"):
        declare("TeamMemberAssociation", f"x-{who}", association("acme-core", who, "member"), as_="team_admin")
        assert condition(shown("TeamMemberAssociation", f"x-{who}")) == ("False", "ConfigError")
    assert not Membership.objects.filter(user=stranger, team=cast.team).exists()
