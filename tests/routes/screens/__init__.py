"""The screens, noun by noun: each file has its rows, so that screens are added side by side."""

from tests.routes.rule import Rule
from tests.routes.screens import access, keys, organizations, people, places, teams

DASHBOARD: dict[str, Rule] = {
    **places.RULES,
    **organizations.RULES,
    **teams.RULES,
    **people.RULES,
    **keys.RULES,
    **access.RULES,
}
