"""The screens, noun by noun: each file has its rows, so that screens are added side by side."""

from tests.routes.rule import Rule
from tests.routes.screens import (
    access,
    audit,
    claims,
    customers,
    keys,
    models,
    organizations,
    people,
    places,
    projects,
    settings,
    teams,
)

NOUNS = (places, organizations, projects, teams, people, keys, models, customers, access, audit, claims, settings)
DASHBOARD: dict[str, Rule] = {route: rule for noun in NOUNS for route, rule in noun.RULES.items()}
