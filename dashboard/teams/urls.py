from django.urls import path

from dashboard.members.urls import member_urls
from dashboard.teams import views
from dashboard.teams.screens import MEMBERS

urlpatterns = [
    path("", views.team_list, name="team-list"),
    path("<uuid:pk>/", views.team_detail, name="team-detail"),
    *member_urls(MEMBERS),
]
