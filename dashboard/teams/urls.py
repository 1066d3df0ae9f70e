from django.urls import path

from dashboard.teams import member_views, views

urlpatterns = [
    path("", views.team_list, name="team-list"),
    path("<uuid:pk>/", views.team_detail, name="team-detail"),
    path("<uuid:pk>/members/", member_views.members, name="team-members"),
    path("<uuid:pk>/members/<uuid:member>/", member_views.member, name="team-member"),
    path("<uuid:pk>/members/<uuid:member>/remove/", member_views.remove, name="team-member-remove"),
]
