"""The models of the demo: the platform's, a group for everyday work, and what some teams brought themselves."""

from typing import TYPE_CHECKING, Any

from gateway.access_groups import create_access_group
from gateway.budgets.services import create_budget
from gateway.catalog import create_model
from gateway.customers.services import create_customer
from gateway.models import Budget
from orgs.services import update_organization
from rbacadmin import money
from rbacadmin.management.demo.cast import CUSTOMERS, MODELS, PRICES
from rbacadmin.policy import Actor, Origin

if TYPE_CHECKING:
    from rbacadmin.management.demo.build import Made

GROUPS = {
    "everyday": ("gpt-4o-mini", "claude-haiku", "llama-3-70b"),
    "frontier": ("gpt-4o", "claude-sonnet", "mistral-large"),
}
PROVIDERS = {"gpt": "openai", "text": "openai", "claude": "anthropic", "mistral": "mistral", "llama": "together_ai"}
BUDGET = "starter"  # what some customers share
PACE = 60  # tokens a second
BRINGING = 2  # teams of each organization that bring a model


def build_catalog(made: "list[Made]", origin: Origin) -> int:
    """Everything by its services, as its own people would. Returns how many models there are."""
    master = Actor.master(origin)
    for name in MODELS:
        provider = PROVIDERS[name.split("-")[0]]
        create_model(
            master,
            name=name,
            # answered by the mock: a key of the demo works at once, and nothing leaves the machine
            params={"model": f"{provider}/{name}", "custom_llm_provider": "mock", "mock_pace": PACE},
            info={"mode": "embedding" if name.startswith("text") else "chat"},
            input_price=PRICES[name] * 1_000_000,
            output_price=PRICES[name] * 4_000_000,
        )
    for name, models in GROUPS.items():
        create_access_group(master, name=name, models=list(models))
    brought = 0
    for here in made:
        update_organization(master, here.organization, models=[*here.house.models, "everyday"])
        for team, members in list(here.teams.items())[:BRINGING]:
            bring(Actor.for_user(members[0], origin), team, here.house.domain)
            brought += 1
        known_customers(master, here.house.domain)
    return len(MODELS) + brought


def known_customers(master: Actor, domain: str) -> None:
    """Some of those whom the house's robots serve: one has limits of their own, two share a budget, one is blocked."""
    budget = Budget.objects.filter(public_id=BUDGET).first() or create_budget(
        master, public_id=BUDGET, max_budget=20 * money.NANO, budget_duration="30d", rpm_limit=30
    )
    house = domain.partition(".")[0]
    first, second, third, *_others, last = CUSTOMERS
    create_customer(
        master,
        public_id=f"{house}-{first}",
        name=f"{named(house)} {first.title()}",
        max_budget=50 * money.NANO,
        budget_duration="30d",
        rpm_limit=120,
    )
    for ident in (second, third):
        create_customer(master, public_id=f"{house}-{ident}", name=f"{named(house)} {ident.title()}", budget=budget)
    create_customer(master, public_id=f"{house}-{last}", blocked=True)


def named(house: str) -> str:
    return house.replace("-", " ").title()


def bring(leader: Actor, team: Any, domain: str) -> None:
    name = f"{team.alias.lower().replace(' ', '-')}-llama"
    params = {
        "model": "openai/llama-3-8b-tuned",
        "api_base": f"https://models.{domain}/v1",
        "api_key": f"the team's at {domain}",
    }
    create_model(leader, name=name, team=team, params=params, info={"mode": "chat"})
