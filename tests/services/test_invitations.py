"""Invitations: rulebook 8 and 12, and that a link is no way into what its maker does not hold."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from rbacadmin.conf import conf
from rbacadmin.errors import Conflict, PermissionDenied
from rbacadmin.models import AuditEvent, Change
from rbacadmin.policy import Actor
from teams.models import Invitation, User
from teams.services import accept_invitation, add_member, create_invitation, revoke_invitation, update_invitation
from teams.services.invitations import DeadLink, digest, invitation_of
from tests.factories import join
from tests.matrix.managed import changed, snapshot
from tests.world import World, invited

PASSWORD = "correct horse battery staple"


def accept(invitation: Invitation, password: str = PASSWORD) -> User:
    user = User.objects.get(pk=invitation.user_id)
    return accept_invitation(Actor.for_user(user), invitation, person=user, password=password)


def refused(error: type[Exception], run: Any, *args: Any, recorded: int = 0, **kwargs: Any) -> Any:
    """What was raised. Nothing changes, and as many refusals are on record."""
    before = snapshot()
    with pytest.raises(error) as caught:
        run(*args, **kwargs)
    assert not changed(before, snapshot())
    assert AuditEvent.objects.filter(outcome="refused").count() == recorded
    return caught.value


@pytest.fixture
def newcomer(cast: World) -> User:
    """Somebody whom the team's admin has added by e-mail."""
    return add_member(cast.actor("team_admin"), cast.team, person="new@example.com", role="user").user


def test_a_link_lives_for_seven_days_and_only_its_digest_is_kept(cast: World, newcomer: User) -> None:
    """Rulebook 8: the person was a member at once; the link concerns signing in."""
    pending = Invitation.objects.get()
    assert pending.digest is None, "nobody has asked for the link yet"
    invitation, secret = create_invitation(cast.actor("team_admin"), newcomer)
    assert invitation.pk == pending.pk, "sent again, not once more"
    assert (invitation.digest, invitation.team) == (digest(secret), cast.team)
    assert timedelta(days=6.9) < invitation.expires_at - timezone.now() <= timedelta(days=7)
    assert secret not in str(list(Invitation.objects.values()))
    event = AuditEvent.objects.get(event="invitation.resent")
    assert event.team_id == cast.team.pk
    for row in (*AuditEvent.objects.values(), *Change.objects.values()):
        assert secret not in str(row)
        assert invitation.digest not in str(row)


def test_sending_again_kills_the_old_link(cast: World, newcomer: User) -> None:
    old = create_invitation(cast.actor("team_admin"), newcomer)[1]
    new = create_invitation(cast.actor("org_admin"), newcomer, scope=cast.organization)[1]
    assert invitation_of(old) is None
    found = invitation_of(new)
    assert found is not None
    assert (found.user, found.organization, found.team) == (newcomer, cast.organization, None)


def test_the_invited_person_accepts_once(cast: World, newcomer: User) -> None:
    """Rulebook 12: accepting is for the invited person."""
    invitation, secret = create_invitation(cast.actor("team_admin"), newcomer)
    assert accept(invitation) == newcomer
    person = User.objects.get(pk=newcomer.pk)
    assert person.check_password(PASSWORD)
    invitation.refresh_from_db()
    assert invitation.accepted_at is not None
    assert invitation.digest is None
    event = AuditEvent.objects.get(event="invitation.accepted")
    assert (event.actor_user_id, event.object_id) == (person.pk, str(invitation.pk))
    assert PASSWORD not in str(list(AuditEvent.objects.values()))
    assert invitation_of(secret) is None
    refused(DeadLink, accept, invitation)


@pytest.mark.parametrize("name", ["team_admin", "proxy_admin", "colleague"])
def test_nobody_accepts_for_somebody_else(cast: World, newcomer: User, name: str) -> None:
    invitation, _ = create_invitation(cast.actor("team_admin"), newcomer)
    with pytest.raises((DeadLink, PermissionDenied)):
        accept_invitation(cast.actor(name), invitation, person=newcomer, password=PASSWORD)
    assert not User.objects.get(pk=newcomer.pk).has_usable_password()
    with pytest.raises(DeadLink):
        accept_invitation(cast.actor(name), invitation, person=getattr(cast, name), password=PASSWORD)


def test_a_weak_password_spends_nothing(cast: World, newcomer: User) -> None:
    invitation, secret = create_invitation(cast.actor("team_admin"), newcomer)
    for password in ("short", "password1234", "new@example.com"):
        error = refused(ValidationError, accept, invitation, password)
        assert set(error.message_dict) == {"password"}
    assert invitation_of(secret) is not None


def test_links_that_do_not_work(cast: World, newcomer: User) -> None:
    def link(**values: Any) -> str:
        return invited(newcomer, cast.team, **values)[1]

    assert invitation_of(link()) is not None
    assert invitation_of(link(expires_at=timezone.now())) is None
    assert invitation_of(link(accepted_at=timezone.now())) is None
    for text in ("", "inv_x", "\x7f", digest("x"), "é" * 300):
        assert invitation_of(text) is None
    good = link()
    User.objects.filter(pk=newcomer.pk).update(blocked_by="platform")
    assert invitation_of(good) is None
    User.objects.filter(pk=newcomer.pk).update(blocked_by="")
    newcomer.memberships.all().delete()
    assert invitation_of(good) is None, "whoever was taken out is invited no longer"


def test_who_has_signed_in_cannot_be_taken_over(cast: World) -> None:
    """The answer is the same; the link opens nothing."""
    for values in ({"last_login": timezone.now()}, {"password": "argon2$x"}):
        User.objects.filter(pk=cast.colleague.pk).update(**{"last_login": None, "password": "!", **values})
        _, secret = create_invitation(cast.actor("team_admin"), cast.colleague)
        assert secret.startswith("inv_")
        assert invitation_of(secret) is None
    User.objects.filter(pk=cast.colleague.pk).update(last_login=timezone.now())
    error = refused(Conflict, create_invitation, cast.actor("proxy_admin"), cast.colleague, recorded=1)
    assert error.code == "signed_in"


def test_a_link_is_no_way_into_another_organization(cast: World, newcomer: User) -> None:
    """Rulebook 11: who holds the link becomes the person, so it opens nothing that its maker does not hold."""
    _, secret = create_invitation(cast.actor("team_admin"), newcomer)
    join(newcomer, cast.there.team, "user")
    assert invitation_of(secret) is None
    assert invitation_of(create_invitation(cast.actor("stranger"), newcomer)[1]) is None
    assert invitation_of(create_invitation(cast.actor("proxy_admin"), newcomer)[1]) is not None


def test_a_link_is_no_way_up(cast: World, newcomer: User) -> None:
    """Rulebook 11: neither to the platform's roles nor to those of the scope above."""
    link = create_invitation(cast.actor("team_admin"), newcomer)[1]
    for role in ("proxy_admin", "proxy_admin_viewer"):
        User.objects.filter(pk=newcomer.pk).update(platform_role=role)
        assert invitation_of(link) is None
    User.objects.filter(pk=newcomer.pk).update(platform_role="internal_user_viewer")
    assert invitation_of(link) is not None
    newcomer.memberships.filter(team=None).update(role="org_admin")
    assert invitation_of(link) is None
    assert invitation_of(create_invitation(cast.actor("org_admin"), newcomer)[1]) is not None, "a peer"


def test_a_team_admins_link_opens_no_other_team(cast: World, newcomer: User) -> None:
    join(newcomer, cast.other_team, "user")
    assert invitation_of(create_invitation(cast.actor("team_admin"), newcomer)[1]) is None
    assert invitation_of(create_invitation(cast.actor("org_admin"), newcomer)[1]) is not None


@pytest.mark.parametrize("name", ["auditor", "reader", "member", "granted", "project_owner", "loner", "stranger"])
def test_who_may_not_invite(cast: World, newcomer: User, name: str) -> None:
    refused(PermissionDenied, create_invitation, cast.actor(name), newcomer, scope=cast.team, recorded=1)


def test_only_members_are_invited_to_a_scope(cast: World) -> None:
    error = refused(ValidationError, create_invitation, cast.actor("org_admin"), cast.member, scope=cast.other_team)
    assert set(error.message_dict) == {"user_id"}


def test_who_has_no_address_is_invited_nowhere(cast: World) -> None:
    robot = User.objects.create(public_id="robot-7")
    refused(ValidationError, create_invitation, cast.actor("proxy_admin"), robot)


def test_a_revoked_link_opens_nothing(cast: World, newcomer: User) -> None:
    invitation, secret = create_invitation(cast.actor("team_admin"), newcomer)
    refused(PermissionDenied, revoke_invitation, cast.actor("member"), invitation, recorded=1)
    revoke_invitation(cast.actor("org_admin"), invitation)
    assert invitation_of(secret) is None
    assert AuditEvent.objects.filter(event="invitation.deleted", team_id=cast.team.pk).count() == 1
    assert Change.objects.filter(kind="invitation", op="deleted").count() == 1


def test_what_was_accepted_is_not_taken_back(cast: World, newcomer: User) -> None:
    invitation, _ = create_invitation(cast.actor("team_admin"), newcomer)
    accept(invitation)
    assert refused(Conflict, revoke_invitation, cast.actor("team_admin"), invitation, recorded=1).code == "accepted"


def test_an_invitation_ends_within_seven_days(cast: World, newcomer: User) -> None:
    invitation, _ = create_invitation(cast.actor("team_admin"), newcomer)
    for days in (-1, 8):
        ends = timezone.now() + timedelta(days=days)
        refused(ValidationError, update_invitation, cast.actor("team_admin"), invitation, expires_at=ends)
    soon = timezone.now() + timedelta(hours=1)
    assert update_invitation(cast.actor("team_admin"), invitation, expires_at=soon).expires_at == soon
    assert AuditEvent.objects.filter(event="invitation.updated").count() == 1


def test_mail_brings_the_link_where_it_is_configured(
    cast: World, newcomer: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        create_invitation(cast.actor("team_admin"), newcomer)
    assert mail.outbox == [], "printed to the log otherwise"
    monkeypatch.setattr(conf, "email_url", "smtp://localhost")
    monkeypatch.setattr(conf, "public_url", "https://keys.example.com/")
    with django_capture_on_commit_callbacks(execute=True):
        _, secret = create_invitation(cast.actor("team_admin"), newcomer)
    (sent,) = mail.outbox
    assert sent.to == ["new@example.com"]
    assert f"https://keys.example.com/accounts/invitation/{secret}/" in sent.body
    assert "acme core" in sent.body


def test_mail_to_who_has_an_account_holds_no_link_that_is_dead(
    cast: World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(conf, "email_url", "smtp://localhost")
    User.objects.filter(pk=cast.colleague.pk).update(last_login=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        create_invitation(cast.actor("team_admin"), cast.colleague)
    assert "/accounts/login/" in mail.outbox[0].body
    assert "inv_" not in mail.outbox[0].body


def test_mail_that_fails_fails_nothing(
    cast: World, newcomer: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any, caplog: Any
) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(conf, "email_url", "smtp://localhost")
    monkeypatch.setattr("teams.invitation_mail.send_mail", away)
    with django_capture_on_commit_callbacks(execute=True):
        _, secret = create_invitation(cast.actor("team_admin"), newcomer)
    assert invitation_of(secret) is not None
    assert "was not sent" in caplog.text
    assert secret not in caplog.text
