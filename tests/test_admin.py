"""Django admin: every model is there, saves run the services, secrets are nowhere."""

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gateway.models import Budget, BudgetHeld, CatalogModel, Customer, ModelAccessGroup
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
    for grown in (False, True):
        if grown:
            grow(cast)
        with CaptureQueriesContext(connection) as queries:
            answer = superuser.get(path(model), {"q": "a"}), superuser.get(path(model))
        assert [one.status_code for one in answer] == [200, 200]
        assert "script-src 'self'" in answer[0]["Content-Security-Policy"]
        counts.append(len(queries))
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


def test_people_are_changed_by_their_services(company: Company, superuser: Client, run: Any) -> None:  # noqa: F811
    """The address everywhere at once, the role under its guard, the block with its level."""
    eve = User.objects.get(email="eve@acme.example.com")
    EmailAddress.objects.create(user=company.member, email=str(company.member.email), primary=True, verified=True)
    url = path(User, f"{company.member.pk}/change/")
    sent = form_of(superuser, company.member, email="New@acme.example.com", platform_role="internal_user_viewer")
    answer = superuser.post(url, {**sent, "blocked": "on"})
    assert answer.status_code == 302, errors_of(answer)
    member = User.objects.get(pk=company.member.pk)
    assert (member.email, member.public_id) == ("new@acme.example.com", "new@acme.example.com")
    assert (member.platform_role, member.blocked_by) == ("internal_user_viewer", "platform")
    assert not EmailAddress.objects.filter(user=member).exists()
    done = AuditEvent.objects.filter(door="admin", kind="user", outcome="done").values_list("event", flat=True)
    assert sorted(done) == ["user.blocked", "user.email_changed", "user.updated"]
    answer = superuser.post(url, {name: value for name, value in form_of(superuser, member).items() if value})
    assert answer.status_code == 302, errors_of(answer)
    form = form_of(superuser, member)
    form.pop("blocked")
    assert superuser.post(url, form).status_code == 302
    assert not User.objects.get(pk=member.pk).blocked

    url = path(User, f"{eve.pk}/change/")
    answer = superuser.post(url, {**form_of(superuser, eve, name="Eve"), "blocked": "on"})
    assert "appoint another one first" in errors_of(answer)
    answer = superuser.post(path(User, f"{eve.pk}/delete/"), {"post": "yes"}, follow=True)
    assert "appoint another one first" in answer.content.decode()
    assert User.objects.filter(pk=eve.pk, name=eve.name, blocked_by="").exists()
    assert AuditEvent.objects.filter(outcome="refused", status=409, door="admin").count() == 2
    assert superuser.post(path(User, f"{member.pk}/delete/"), {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=member.pk).exists()
    assert AuditEvent.objects.get(event="user.deleted").door == "admin"
    User.objects.filter(email="super@example.com").delete()
    assert "hold" in run("verify")


def test_the_last_platform_admin_stays_in_the_admin_too(company: Company, superuser: Client) -> None:  # noqa: F811
    """Rulebook 10. The superuser who asks is none."""
    last = User.objects.get(platform_role="proxy_admin")
    url = path(User, f"{last.pk}/change/")
    for changes in ({"platform_role": "internal_user"}, {"blocked": "on"}):
        answer = superuser.post(url, {**form_of(superuser, last), **changes})
        assert "without an active admin" in errors_of(answer)
    superuser.post(path(User, f"{last.pk}/delete/"), {"post": "yes"})
    assert User.objects.filter(pk=last.pk, platform_role="proxy_admin", blocked_by="").exists()


def test_a_service_account_is_no_person(company: Company, superuser: Client) -> None:  # noqa: F811
    account = company.service_key.user
    assert account
    url = path(User, f"{account.pk}/change/")
    assert superuser.get(url).status_code == 200
    assert superuser.post(url, {"name": "x"}).status_code == 403
    assert superuser.post(path(User, f"{account.pk}/delete/"), {"post": "yes"}).status_code == 403


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


def test_the_catalog_is_written_by_its_services(superuser: Client) -> None:
    """And a credential is nowhere: neither in a page, nor on record."""
    params = {"model": "openai/gpt-5", "api_key": "provider-secret"}
    sent = {"name": "gpt-5", "params": json.dumps(params), "info": "{}", "input_price": 1, "output_price": 2}
    answer = superuser.post(path(CatalogModel, "add/"), sent)
    assert answer.status_code == 302, errors_of(answer)
    model = CatalogModel.objects.get(name="gpt-5")
    assert (model.params, bool(model.credential)) == ({"model": "openai/gpt-5"}, True)
    url = path(CatalogModel, f"{model.pk}/change/")
    assert "provider-secret" not in superuser.get(url).content.decode()
    assert superuser.post(url, form_of(superuser, model, params=json.dumps({"timeout": 3}))).status_code == 302
    model.refresh_from_db()
    assert (model.params, bool(model.credential)) == ({"timeout": 3}, True)
    assert "There is a model named" in errors_of(superuser.post(path(CatalogModel, "add/"), sent))
    group = {"name": "quick", "models": json.dumps(["gpt-5"]), "description": ""}
    assert superuser.post(path(ModelAccessGroup, "add/"), group).status_code == 302
    refused = superuser.post(path(CatalogModel, f"{model.pk}/delete/"), {"post": "yes"}, follow=True)
    assert "In use by the access groups: quick" in refused.content.decode()
    made = ModelAccessGroup.objects.get(name="quick")
    for row in (made, model):
        assert superuser.post(path(type(row), f"{row.pk}/delete/"), {"post": "yes"}).status_code == 302
    assert not CatalogModel.objects.filter(pk=model.pk).exists()
    assert "provider-secret" not in str(list(AuditEvent.objects.values_list("details", flat=True)))


def test_budgets_and_customers_are_written_by_their_services(superuser: Client) -> None:
    answer = superuser.post(path(Budget, "add/"), {"max_budget": 5 * 10**9, "budget_duration": "30d"})
    assert answer.status_code == 302, errors_of(answer)
    budget = Budget.objects.get(created_by="super@example.com")
    customer = Customer.objects.create(public_id="visitor 1")
    for row in (budget, customer):
        answer = superuser.post(path(type(row), f"{row.pk}/change/"), form_of(superuser, row, rpm_limit=7))
        assert answer.status_code == 302, errors_of(answer)
        row.refresh_from_db()
        assert row.rpm_limit == 7
    BudgetHeld.objects.create(budget=budget, customer=customer)
    superuser.post(path(Budget, f"{budget.pk}/delete/"), {"post": "yes"})
    assert Budget.objects.filter(pk=budget.pk).exists()
    for row in (customer, budget):
        assert superuser.post(path(type(row), f"{row.pk}/delete/"), {"post": "yes"}).status_code == 302
        assert not type(row).objects.filter(pk=row.pk).exists()
    done = AuditEvent.objects.filter(door="admin", outcome="done").values_list("event", flat=True)
    gone = ["customer.deleted", "customer.updated"]
    assert sorted(done) == ["budget.created", "budget.deleted", "budget.updated", *gone]
