from django.urls import include, path

from dashboard.here.urls import section_urls
from dashboard.members.urls import member_urls
from dashboard.projects import change_views, views
from dashboard.projects.kind import KIND, MEMBERS
from dashboard.scopes.urls import scope_urls
from dashboard.sharing.urls import sharing_urls

urlpatterns = [
    path("", views.project_list, name="project-list"),
    path("new/", change_views.project_new, name="project-new"),
    path("<uuid:pk>/", views.project_detail, name="project-detail"),
    path("<uuid:pk>/keys/", views.project_keys, name="project-keys"),
    path("<uuid:pk>/service-accounts/", include("dashboard.service_accounts.urls")),
    path("<uuid:pk>/history/", views.project_history, name="project-history"),
    path("<uuid:pk>/reset/", change_views.project_reset, name="project-reset"),
    *member_urls(MEMBERS),
    *section_urls(MEMBERS),
    *sharing_urls(MEMBERS),
    *scope_urls(KIND),
]
