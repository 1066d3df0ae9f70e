"""The models of the demo: the platform's, a group for everyday work, and what some teams brought themselves."""

from typing import TYPE_CHECKING, Any

from gateway.access_groups import create_access_group
from gateway.catalog import create_model
from orgs.services import update_organization
from rbacadmin.management.demo.cast import MODELS, PRICES
from rbacadmin.policy import Actor, Origin

if TYPE_CHECKING:
    from rbacadmin.management.demo.build import Made

GROUPS = {
    "everyday": ("gpt-4o-mini", "claude-haiku", "llama-3-70b"),
    "frontier": ("gpt-4o", "claude-sonnet", "mistral-large"),
}
PROVIDERS = {"gpt": "openai", "text": "openai", "claude": "anthropic", "mistral": "mistral", "llama": "together_ai"}
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
    return len(MODELS) + brought


def bring(leader: Actor, team: Any, domain: str) -> None:
    name = f"{team.alias.lower().replace(' ', '-')}-llama"
    params = {
        "model": "openai/llama-3-8b-tuned",
        "api_base": f"https://models.{domain}/v1",
        "api_key": f"the team's at {domain}",
    }
    create_model(leader, name=name, team=team, params=params, info={"mode": "chat"})
