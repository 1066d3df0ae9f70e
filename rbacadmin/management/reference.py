"""The API's routes as a page: a table for each noun, from the route table itself."""

from collections.abc import Iterable

from api.litellm.route import Route
from api.litellm.routes import ROUTES

HEADINGS = {
    "organization": "Organizations",
    "project": "Projects",
    "team": "Teams",
    "user": "People",
    "management": "People, with links and problems",
    "key": "Keys",
    "invitation": "Invitations",
    "onboarding": "Accepting an invitation",
    "model": "Models",
    "model_group": "Models by name",
    "models": "Models as OpenAI lists them",
    "access_group": "Access groups",
    "spend": "Spend",
    "global": "Spend and activity of the platform",
    "audit": "Audit",
    "access": "Access",
    "health": "Health",
}
LISTS = {"": "", "array": "array", "size": "`page`, `size`", "page_size": "`page`, `page_size`", "links": "links"}


def page(note: str) -> str:
    """The whole page; `note` says that it is written by a command."""
    parts = [
        "# Routes\n",
        note,
        "Every route of the LiteLLM dialect. Of several methods the first is the one to use, the others do the same.",
        "The *action* is what the [permissions](../permissions.md) and `/access/explain` speak of; `(r)` marks",
        "a read. *Refusals* says which of the two [shapes](index.md#errors) a refusal takes, *list* how one is",
        "[cut](index.md#lists). What each takes and answers, field by field: `/docs/` and `/openapi.json` of a",
        "running server.\n",
    ]
    for tag in dict.fromkeys([*HEADINGS, *(route.tag for route in ROUTES)]):
        parts += [f"## {HEADINGS.get(tag, tag)}\n", table(route for route in ROUTES if route.tag == tag) + "\n"]
    return "\n".join(parts)


def table(routes: Iterable[Route]) -> str:
    """Some routes as a Markdown table."""
    lines = ["| path | methods | action | what it does | refusals | list |", "|---|---|---|---|---|---|"]
    for route in routes:
        what = route.summary + (" (needs no key)" if route.public else "")
        cells = (f"`{route.path}`", ", ".join(route.methods), action_of(route), what)
        lines.append(f"| {' | '.join(cells)} | {route.envelope} | {LISTS[route.page]} |")
    return "\n".join(lines)


def action_of(route: Route) -> str:
    if route.action is None:
        return ""
    return f"`{route.action.value}`{'' if route.writes else ' (r)'}"
