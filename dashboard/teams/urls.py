from django.urls import path

from dashboard.here.urls import section_urls
from dashboard.members.urls import member_urls
from dashboard.models.views import team_models
from dashboard.sharing.urls import sharing_urls
from dashboard.teams import bulk_views, change_views, permission_views, views
from dashboard.teams.screens import MEMBERS

urlpatterns = [
    path("", views.team_list, name="team-list"),
    path("new/", change_views.team_new, name="team-new"),
    path("bulk/", bulk_views.team_bulk, name="team-bulk"),
    path("<uuid:pk>/", views.team_detail, name="team-detail"),
    path("<uuid:pk>/permissions/", permission_views.team_permissions, name="team-permissions"),
    path("<uuid:pk>/keys/", views.team_keys, name="team-keys"),
    path("<uuid:pk>/models/", team_models, name="team-models"),
    path("<uuid:pk>/history/", views.team_history, name="team-history"),
    path("<uuid:pk>/edit/", change_views.team_edit, name="team-edit"),
    path("<uuid:pk>/move/", change_views.team_move, name="team-move"),
    path("<uuid:pk>/block/", change_views.team_block, name="team-block"),
    path("<uuid:pk>/unblock/", change_views.team_unblock, name="team-unblock"),
    path("<uuid:pk>/reset/", change_views.team_reset, name="team-reset"),
    path("<uuid:pk>/delete/", change_views.team_delete, name="team-delete"),
    *member_urls(MEMBERS),
    *section_urls(MEMBERS),
    *sharing_urls(MEMBERS),
]
