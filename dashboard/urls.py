"""The map of the dashboard, under /ui/."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from dashboard.access import viewing_views
from dashboard.context_views import choose
from dashboard.help.views import guide, shortcuts
from dashboard.home import home, styleguide, theme
from dashboard.hygiene.views import hygiene
from dashboard.palette.views import find

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("theme/", theme, name="theme"),
    path("language/", login_not_required(require_POST(set_language)), name="language"),
    path("context/", choose, name="context"),
    path("styleguide/", styleguide, name="styleguide"),
    path("organizations/", include("dashboard.organizations.urls")),
    path("teams/", include("dashboard.teams.urls")),
    path("projects/", include("dashboard.projects.urls")),
    path("people/invitations/", include("dashboard.invitations.urls")),
    path("people/", include("dashboard.people.urls")),
    path("account/", include("dashboard.account.urls")),
    path("keys/", include("dashboard.keys.urls")),
    path("usage/", include("dashboard.usage.urls")),
    path("budgets/", include("dashboard.budgets.urls")),
    path("customers/", include("dashboard.customers.urls")),
    path("models/groups/", include("dashboard.access_groups.urls")),
    path("models/", include("dashboard.models.urls")),
    path("settings/", include("dashboard.settings.urls")),
    path("audit/", include("dashboard.audit.urls")),
    path("access/permissions/", include("dashboard.permissions.urls")),
    path("access/", include("dashboard.access.urls")),
    path("settings/claims/", include("dashboard.claims.urls")),
    path("tasks/", include("dashboard.tasks.urls")),
    path("find/", find, name="find"),
    path("shortcuts/", shortcuts, name="shortcuts"),
    path("guide/", guide, name="guide"),
    path("hygiene/", hygiene, name="hygiene"),
    path("view-as/", viewing_views.view_as, name="view-as"),
    path("view-as/stop/", viewing_views.stop, name="view-as-stop"),
]
