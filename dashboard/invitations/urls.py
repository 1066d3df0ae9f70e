from django.urls import path

from dashboard.invitations import views

urlpatterns = [
    path("", views.invitation_list, name="invitation-list"),
    path("<uuid:pk>/resend/", views.invitation_resend, name="invitation-resend"),
    path("<uuid:pk>/revoke/", views.invitation_revoke, name="invitation-revoke"),
]
