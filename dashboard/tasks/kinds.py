"""How each kind of long work does its next part."""

from collections.abc import Callable, Mapping

from dashboard import batches, exports
from dashboard.bulk import Batch
from dashboard.imports import running
from dashboard.keys.bulk_views import BATCH as KEYS
from dashboard.members.bulk import members_of
from dashboard.organizations.kind import KIND as ORGANIZATIONS
from dashboard.organizations.kind import MEMBERS as ORGANIZATION_MEMBERS
from dashboard.people.bulk_views import BATCH as PEOPLE
from dashboard.projects.kind import KIND as PROJECTS
from dashboard.projects.kind import MEMBERS as PROJECT_MEMBERS
from dashboard.scopes.bulk import batch_of
from dashboard.teams.bulk_views import BATCH as TEAMS
from dashboard.teams.screens import MEMBERS as TEAM_MEMBERS
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from rbacadmin.tasks.keeping import Step
from rbacadmin.tasks.row import Task

SCOPES = (batch_of(ORGANIZATIONS), batch_of(PROJECTS))
BATCHES = {batch.name: batch for batch in (KEYS, PEOPLE, TEAMS, *SCOPES)}
PLACES = {place.members_url: place for place in (ORGANIZATION_MEMBERS, PROJECT_MEMBERS, TEAM_MEMBERS)}


def batch_named(request: Request, name: str) -> Batch:
    """The list that a batch works on. Members are of one scope, which is looked for by the rights of now."""
    kind, _colon, pk = name.partition(":")
    if kind not in PLACES:
        return BATCHES[name]
    return members_of(PLACES[kind], policy.find(request.actor, Action.MANAGE_MEMBERS, PLACES[kind].rows, pk))


def bulk(request: Request, task: Task) -> Step:
    return batches.step(request, task, batch_named(request, task.asked["batch"]))


STEPS: Mapping[str, Callable[[Request, Task], Step]] = {
    "bulk": bulk,
    "import": running.step,
    "export": exports.step,
}
