"""What stands behind signing in, in Django admin: looked at, superusers excepted, and no secret shown."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client

from rbacadmin.models import AuditEvent
from teams.models import User
from tests.commands.conftest import Company, company, empty  # noqa: F401  (fixtures)
from tests.test_admin import errors_of, form_of, path, superuser  # noqa: F401  (a fixture)


def test_how_people_sign_in_is_only_looked_at(company: Company, superuser: Client) -> None:  # noqa: F811
    """An address that is written past the services would let somebody in."""
    address = EmailAddress.objects.create(user=company.member, email=str(company.member.email))
    session = UserSession.objects.create(user=company.member, ip="192.0.2.1", session_key="k" * 32, user_agent="x")
    for row in (address, session):
        model = type(row)
        assert superuser.get(path(model), {"q": "example"}).status_code == 200
        shown = superuser.get(path(model, f"{row.pk}/change/"))
        assert shown.status_code == 200
        assert "k" * 32 not in shown.content.decode()
        sent = {"user": company.member.pk, "email": "other@example.com", "post": "yes"}
        for rest in ("add/", f"{row.pk}/change/", f"{row.pk}/delete/"):
            assert superuser.post(path(model, rest), sent).status_code == 403
    assert EmailAddress.objects.get() == address


def test_a_lost_second_factor_is_taken_away_on_record(company: Company, superuser: Client) -> None:  # noqa: F811
    """All of them, and without a look at what they are made of."""
    kinds = ("recovery_codes", "totp")
    rows = [
        Authenticator.objects.create(user=company.member, type=kind, data={"secret": "hidden-seed"}) for kind in kinds
    ]
    url = path(Authenticator, f"{rows[0].pk}/")
    assert "hidden-seed" not in superuser.get(f"{url}change/").content.decode()
    assert superuser.post(f"{url}change/", {"type": "totp"}).status_code == 403
    assert superuser.post(f"{url}delete/", {"post": "yes"}).status_code == 302
    assert not Authenticator.objects.exists()
    event = AuditEvent.objects.get(event="user.factors_removed")
    assert (event.object_id, event.door, event.details) == (str(company.member.pk), "admin", {"kinds": [*kinds]})


def test_superusers_are_made_here_and_by_superusers(company: Company, superuser: Client) -> None:  # noqa: F811
    """Rulebook, "Roles and words". Nobody takes it from themselves."""
    url = path(User, f"{company.member.pk}/change/")
    for ticked, event in (
        ({"superuser": "on"}, "user.superuser_granted"),
        ({"superuser": None}, "user.superuser_revoked"),
    ):
        sent = {**form_of(superuser, company.member), **ticked}
        answer = superuser.post(url, {name: value for name, value in sent.items() if value})
        assert answer.status_code == 302, errors_of(answer)
        member = User.objects.get(pk=company.member.pk)
        assert (member.is_superuser, member.is_staff) == (bool(ticked["superuser"]),) * 2
        assert AuditEvent.objects.get(event=event).door == "admin"
    me = User.objects.get(email="super@example.com")
    sent = {name: value for name, value in form_of(superuser, me).items() if value and name != "superuser"}
    assert "Nobody takes this from themselves" in errors_of(superuser.post(path(User, f"{me.pk}/change/"), sent))
    assert User.objects.get(pk=me.pk).is_superuser


def test_a_provider_is_configured_by_the_environment_only(superuser: Client) -> None:  # noqa: F811
    """A row would mean nothing, and hold a secret in plain text."""
    assert superuser.get("/admin/socialaccount/socialapp/").status_code in (302, 404)
    assert "socialapp" not in superuser.get("/admin/").content.decode()


def test_a_password_is_changed_in_one_place(superuser: Client) -> None:  # noqa: F811
    """Django's own page would leave no record."""
    for method in (superuser.get, superuser.post):
        assert method("/admin/password_change/")["Location"] == "/accounts/password/change/"
