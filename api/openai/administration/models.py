"""The models of a project, by name."""

from django.db.models import Q

from api.openai.administration.route import Context
from gateway.levels import bound
from gateway.models import CatalogModel
from gateway.ownerships import groups_for
from gateway.within import open_within
from orgs.models import Project
from rbacadmin import policy
from rbacadmin.policy import Action

MOST = 10_000


def names_in(context: Context, project: Project) -> list[str]:
    """The names that calls in the project may use, as far as the actor sees them, each once."""
    levels = bound(("project", project), ("organization", project.organization))
    home = Q(team=None, project=None) & (Q(organization=None) | Q(organization=project.organization))
    served = CatalogModel.objects.filter(home | Q(project=project), blocked=False)
    seen = policy.visible(context.actor, Action.VIEW_MODELS, served).order_by("name")[:MOST]
    return sorted({row.name for row in open_within(seen, levels, groups_for(context.actor))})
