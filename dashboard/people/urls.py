from django.urls import path

from dashboard.invitations.views import person_invite
from dashboard.people import bulk_views, change_views, sign_in_views, views

urlpatterns = [
    path("", views.person_list, name="person-list"),
    path("new/", change_views.person_new, name="person-new"),
    path("bulk/", bulk_views.person_bulk, name="person-bulk"),
    path("<uuid:pk>/", views.person_detail, name="person-detail"),
    path("<uuid:pk>/limits/", views.person_limits, name="person-limits"),
    path("<uuid:pk>/usage/", views.person_usage, name="person-usage"),
    path("<uuid:pk>/keys/", views.person_keys, name="person-keys"),
    path("<uuid:pk>/sessions/", views.person_sessions, name="person-sessions"),
    path("<uuid:pk>/history/", views.person_history, name="person-history"),
    path("<uuid:pk>/edit/", change_views.person_edit, name="person-edit"),
    path("<uuid:pk>/email/", change_views.person_email, name="person-email"),
    path("<uuid:pk>/block/", change_views.person_block, name="person-block"),
    path("<uuid:pk>/unblock/", change_views.person_unblock, name="person-unblock"),
    path("<uuid:pk>/delete/", change_views.person_delete, name="person-delete"),
    path("<uuid:pk>/invite/", person_invite, name="person-invite"),
    path("<uuid:pk>/reset/", sign_in_views.person_reset, name="person-reset"),
    path("<uuid:pk>/factors/", sign_in_views.person_factors, name="person-factors"),
    path("<uuid:pk>/sign-out/", sign_in_views.person_sign_out, name="person-sign-out"),
]
