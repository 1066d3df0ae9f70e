"""The screens of shared budgets and customers: written by who runs the platform, seen by the auditor too."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from gateway.models import Budget, BudgetHeld, Customer, Spend
from rbacadmin.models import AuditEvent
from tests.world import World

Browser = Callable[[str], Client]
DOLLAR = 10**9


def url(name: str, row: Budget | Customer) -> str:
    return reverse(name, args=[row.pk])


def test_the_platforms_people_see_them_and_nobody_else_hears_of_them(cast: World, browser_of: Browser) -> None:
    budget, customer = cast.catalog["budget"], cast.catalog["customer"]
    for name, status in (("proxy_admin", 200), ("auditor", 200), ("org_admin", 403), ("member", 403)):
        browser = browser_of(name)
        for address in ("/ui/budgets/", "/ui/customers/"):
            assert browser.get(address).status_code == status
            assert (f'href="{address}"' in browser.get("/ui/").content.decode()) is (status == 200), "in the sidebar"
        found = browser.get("/ui/find/?q=s").content.decode() + browser.get("/ui/find/?q=shop").content.decode()
        assert (url("customer-detail", customer) in found) is (status == 200)
        assert (url("budget-detail", budget) in browser.get("/ui/find/?q=stand").content.decode()) is (status == 200)
    page = browser_of("auditor").get(url("budget-detail", budget)).content.decode()
    assert url("budget-edit", budget) not in page
    for address, ident in (("/ui/budgets/", "standard"), ("/ui/customers/", "shopper")):
        assert ident.encode() in b"".join(browser_of("auditor").get(f"{address}?format=csv"))


def test_making_changing_and_ending_a_budget(cast: World, browser_of: Browser) -> None:
    browser = browser_of("proxy_admin")
    sent = {"public_id": "trial", "max_budget": "2.5", "budget_duration": "7d", "rpm_limit": "10"}
    answer = browser.post("/ui/budgets/new/", sent)
    budget = Budget.objects.get(public_id="trial")
    assert (answer["Location"], budget.max_budget) == (url("budget-detail", budget), 2_500_000_000)
    taken = browser.post("/ui/budgets/new/", sent)
    assert (taken.status_code, list(taken.context["form"].errors)) == (422, ["public_id"])
    assert browser.post(url("budget-edit", budget), {"max_budget": "3", "budget_duration": "7d"}).status_code == 302
    budget.refresh_from_db()
    assert (budget.max_budget, budget.rpm_limit) == (3 * DOLLAR, None)
    assert "requests per minute: 10" in browser.get(url("budget-history", budget)).content.decode()
    BudgetHeld.objects.create(budget=budget, customer=cast.catalog["customer"])
    assert "customer: Shopper" in browser.get(url("budget-detail", budget)).content.decode()
    held = browser.post(url("budget-delete", budget), {"typed": "trial"})
    assert (held.status_code, "In use by Shopper." in held.content.decode()) == (409, True)
    BudgetHeld.objects.all().delete()
    assert browser.post(url("budget-delete", budget), {"typed": "no"}).status_code == 422
    assert browser.post(url("budget-delete", budget), {"typed": "trial"}).status_code == 302
    assert not Budget.objects.filter(public_id="trial").exists()


def test_making_and_changing_a_customer(cast: World, browser_of: Browser) -> None:
    browser = browser_of("proxy_admin")
    sent = {"public_id": "acme-42", "name": "Acme", "budget": "standard", "allowed_model_region": "eu"}
    answer = browser.post("/ui/customers/new/", sent)
    customer = Customer.objects.get(public_id="acme-42")
    assert answer["Location"] == url("customer-detail", customer)
    assert BudgetHeld.objects.get(customer=customer).budget.public_id == "standard"
    Spend.objects.create(object_id=customer.pk, kind="customer", current=DOLLAR, period_start=customer.created_at)
    page = browser.get(url("customer-detail", customer)).content.decode()
    assert "$5.00" in page, "the budget that is held is the one in force"
    assert "European Union" in page
    assert "$5.00" in browser.get("/ui/customers/?q=acme").content.decode()
    changed = {"name": "Acme Ltd", "budget": "", "max_budget": "1", "models": "gpt-4o, claude"}
    assert browser.post(url("customer-edit", customer), changed).status_code == 302
    customer.refresh_from_db()
    assert (customer.name, customer.max_budget, customer.models) == ("Acme Ltd", DOLLAR, ["gpt-4o", "claude"])
    assert (customer.allowed_model_region, BudgetHeld.objects.filter(customer=customer).exists()) == ("", False)
    again = browser.post("/ui/customers/new/", sent)
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["public_id"])


def test_blocking_and_deleting_a_customer(cast: World, browser_of: Browser) -> None:
    browser, customer = browser_of("proxy_admin"), cast.catalog["customer"]
    assert browser.post(url("customer-block", customer)).status_code == 302
    assert Customer.objects.get(pk=customer.pk).blocked_by == "platform"
    assert [row for row, _held in browser.get("/ui/customers/?state=blocked").context["customers"]] == [customer]
    assert browser.post(url("customer-unblock", customer)).status_code == 302
    assert Customer.objects.get(pk=customer.pk).blocked_by == ""
    assert not browser.get("/ui/customers/?state=blocked").context["customers"]
    assert browser.post(url("customer-delete", customer), {"typed": "Shopper"}).status_code == 422
    assert browser.post(url("customer-delete", customer), {"typed": "shopper"}).status_code == 302
    assert not Customer.objects.exists()


def test_who_only_looks_changes_nothing_and_it_is_on_record(cast: World, browser_of: Browser) -> None:
    budget, customer = cast.catalog["budget"], cast.catalog["customer"]
    auditor, org_admin = browser_of("auditor"), browser_of("org_admin")
    for name, row in (("budget-edit", budget), ("budget-delete", budget), ("customer-edit", customer)):
        assert auditor.post(url(name, row), {"typed": row.public_id}).status_code == 403
        assert org_admin.post(url(name, row), {"typed": row.public_id}).status_code == 404
    for name in ("customer-block", "customer-delete"):
        assert auditor.post(url(name, customer), {"typed": "shopper"}).status_code == 403
    assert auditor.post("/ui/budgets/new/", {"public_id": "x"}).status_code == 403
    assert auditor.post("/ui/customers/new/", {"public_id": "x"}).status_code == 403
    assert (Budget.objects.count(), Customer.objects.get().blocked_by) == (1, "")
    assert AuditEvent.objects.filter(status=403, object_id=str(customer.pk)).exists()
