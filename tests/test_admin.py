"""Django admin: every model is there, saves run the services, secrets are nowhere."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from keys.models import Key
from orgs.models import Organization
from rbacadmin.models import AuditEvent
from teams.models import Membership, Team, User
from tests.commands.conftest import Company, company, empty, run  # noqa: F401  (fixtures)
from tests.test_queries import grow
from tests.world import World

OURS = [
    model
    for name in ("rbacadmin", "orgs", "teams", "keys", "gateway")
    for model in apps.get_app_config(name).get_models()
]


@pytest.fixture
def superuser(db: None) -> Client:
    """A superuser without any platform role."""
    user = User.objects.create_superuser("super@example.com", platform_role="internal_user", public_id="super")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def path(model: Any, rest: str = "") -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{rest}"


def form_of(client: Client, row: Any, **changes: Any) -> dict[str, Any]:
    """What a browser would send back for this row, with some fields changed."""
    form = client.get(path(type(row), f"{row.pk}/change/")).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in {**sent, **changes}.items() if value is not None}


def errors_of(answer: Any) -> str:
    return str(answer.context["errors"])


def test_every_model_is_registered_and_groups_are_not() -> None:
    assert [model for model in OURS if model not in admin.site._registry] == []
    assert not admin.site.is_registered(Group)
    for model in OURS:
        assert admin.site._registry[model].search_fields
        assert admin.site._registry[model].actions is None


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_lists_cost_the_same_at_three_rows_and_at_thirty(cast: World, superuser: Client, model: Any) -> None:
    superuser.get(path(model))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            answer = superuser.get(path(model), {"q": "a"}), superuser.get(path(model))
        assert [one.status_code for one in answer] == [200, 200]
        assert "script-src 'self'" in answer[0]["Content-Security-Policy"]
        counts.append(len(queries))
        grow(cast)
    assert counts[1] <= counts[0]


def test_a_save_runs_the_service_and_is_on_record(company: Company, superuser: Client) -> None:  # noqa: F811
    answer = superuser.post(
        path(Team, f"{company.team.pk}/change/"), form_of(superuser, company.team, alias="renamed", rpm_limit=50)
    )
    assert answer.status_code == 302, errors_of(answer)
    team = Team.objects.get(pk=company.team.pk)
    assert (team.alias, team.alias_key, team.rpm_limit, team.updated_by) == (
        *("renamed", "renamed", 50),
        "super@example.com",
    )
    event = AuditEvent.objects.get(event="team.updated")
    assert (event.door, event.actor_label, event.actor_user_id) == (
        *("admin", "super@example.com"),
        User.objects.get(email="super@example.com").pk,
    )
    assert set(event.details["changed"]) == {"alias", "rpm_limit"}


def test_what_a_service_refuses_is_an_error_of_the_form(company: Company, superuser: Client) -> None:  # noqa: F811
    url = path(Team, f"{company.team.pk}/change/")
    answer = superuser.post(url, form_of(superuser, company.team, max_budget=2000 * 10**9))
    assert answer.status_code == 200
    assert "Must be at most what the organization has" in errors_of(answer)
    last = Membership.objects.get(user__email="eve@acme.example.com", role="org_admin")
    answer = superuser.post(path(Membership, f"{last.pk}/change/"), form_of(superuser, last, role="internal_user"))
    assert "appoint another one first" in errors_of(answer)
    assert AuditEvent.objects.get(outcome="refused").door == "admin"
    answer = superuser.post(path(Membership, f"{last.pk}/delete/"), {"post": "yes"}, follow=True)
    assert "appoint another one first" in answer.content.decode()
    assert Membership.objects.filter(pk=last.pk, role="org_admin").exists()
    assert AuditEvent.objects.filter(outcome="refused").count() == 2


def test_adding_and_deleting_keep_the_database_whole(company: Company, superuser: Client, run: Any) -> None:  # noqa: F811
    User.objects.filter(email="super@example.com").delete()
    admin_user = User.objects.get(platform_role="proxy_admin")
    superuser.force_login(admin_user, backend="django.contrib.auth.backends.ModelBackend")
    for model, sent in (
        (Organization, {"alias": "made here"}),
        (Team, {"alias": "made here", "organization": company.organization.pk}),
        (User, {"email": "new@acme.example.com", "name": "New", "platform_role": "internal_user"}),
        (Membership, {"user": company.admin.pk, "project": company.project.pk, "role": "member"}),
    ):
        answer = superuser.post(path(model, "add/"), sent)
        if model is Membership:
            assert "already a member" in errors_of(answer)
        else:
            assert answer.status_code == 302, errors_of(answer)
    assert superuser.post(path(Key, f"{company.key.pk}/delete/"), {"post": "yes"}).status_code == 302
    assert AuditEvent.objects.get(event="key.deleted").door == "admin"
    assert "hold" in run("verify")


def test_no_secret_is_shown_and_the_record_is_read_only(company: Company, superuser: Client) -> None:  # noqa: F811
    key = company.service_key
    pages = [superuser.get(url).content.decode() for url in (path(Key), path(Key, f"{key.pk}/change/"))]
    assert not any(key.token in page for page in pages)
    assert superuser.get(path(Key, "add/")).status_code == 403
    event = AuditEvent.objects.first()
    assert event
    for rest in ("add/", f"{event.pk}/delete/"):
        assert superuser.post(path(AuditEvent, rest), {"post": "yes"}).status_code == 403
    assert superuser.post(path(AuditEvent, f"{event.pk}/change/"), {"event": "x"}).status_code == 403
    user = User.objects.get(email="super@example.com")
    assert user.password not in superuser.get(path(User, f"{user.pk}/change/")).content.decode()
