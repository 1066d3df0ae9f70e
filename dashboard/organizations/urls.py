from django.urls import include, path

from dashboard.here.urls import section_urls
from dashboard.members.urls import member_urls
from dashboard.organizations import change_views, views
from dashboard.organizations.kind import KIND, MEMBERS
from dashboard.scopes.urls import scope_urls
from dashboard.sharing.urls import sharing_urls

urlpatterns = [
    path("", views.organization_list, name="organization-list"),
    path("new/", change_views.organization_new, name="organization-new"),
    path("<uuid:pk>/", views.organization_detail, name="organization-detail"),
    path("<uuid:pk>/teams/", views.organization_teams, name="organization-teams"),
    path("<uuid:pk>/projects/", views.organization_projects, name="organization-projects"),
    path("<uuid:pk>/keys/", views.organization_keys, name="organization-keys"),
    path("<uuid:pk>/history/", views.organization_history, name="organization-history"),
    path("", include("dashboard.imports.urls")),
    *member_urls(MEMBERS),
    *section_urls(MEMBERS),
    *sharing_urls(MEMBERS),
    *scope_urls(KIND),
]
