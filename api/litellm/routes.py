"""The one table of the dialect. A route that does not stand in one of these does not exist."""

from api import access, health
from api.gateway import checks, usage
from api.litellm.access_groups.routes import ROUTES as ACCESS_GROUPS
from api.litellm.audit.routes import ROUTES as AUDIT
from api.litellm.budgets.routes import ROUTES as BUDGETS
from api.litellm.customers.routes import ROUTES as CUSTOMERS
from api.litellm.invitations.routes import ROUTES as INVITATIONS
from api.litellm.keys.routes import ROUTES as KEYS
from api.litellm.management.routes import ROUTES as MANAGEMENT
from api.litellm.models.routes import ROUTES as MODELS
from api.litellm.organizations.routes import ROUTES as ORGANIZATIONS
from api.litellm.projects.routes import ROUTES as PROJECTS
from api.litellm.route import Route
from api.litellm.settings.routes import ROUTES as SETTINGS
from api.litellm.spend.routes import ROUTES as SPEND
from api.litellm.teams.routes import ROUTES as TEAMS
from api.litellm.users.routes import ROUTES as USERS
from api.manifests.routes import ROUTES as MANIFESTS

ROUTES: tuple[Route, ...] = (
    *ORGANIZATIONS,
    *PROJECTS,
    *TEAMS,
    *USERS,
    *MANAGEMENT,
    *KEYS,
    *MODELS,
    *ACCESS_GROUPS,
    *BUDGETS,
    *CUSTOMERS,
    *AUDIT,
    *SPEND,
    *SETTINGS,
    *INVITATIONS,
    *MANIFESTS,
    *access.ROUTES,
    *health.ROUTES,
    *checks.ROUTES,
    *usage.ROUTES,
)
