"""The models of a project, by name."""

from django.db.models import Q

from api.openai.administration.route import Context
from gateway.levels import bound
from gateway.models import CatalogModel
from gateway.ownerships import groups_now
from orgs.models import Project
from rbacadmin import policy
from rbacadmin.model_names import common
from rbacadmin.policy import Action

MOST = 10_000


def names_in(context: Context, project: Project) -> list[str]:
    """The names that calls in the project may use, as far as the actor sees them, each once."""
    home = Q(team=None, project=None) & (Q(organization=None) | Q(organization=project.organization))
    served = CatalogModel.objects.filter(home | Q(project=project), blocked=False)
    seen = policy.visible(context.actor, Action.VIEW_MODELS, served)
    covered = common(
        [level.models for level in bound(("project", project), ("organization", project.organization))], groups_now()
    )
    rows = seen.values_list("name", "project_id").order_by("name")[:MOST]
    return sorted({name for name, owner in rows if owner == project.pk or covered.meets(name)})
