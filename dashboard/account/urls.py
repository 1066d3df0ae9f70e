from django.urls import path

from dashboard.account import views

urlpatterns = [
    path("", views.profile, name="own-profile"),
    path("password/", views.password, name="own-password"),
    path("keys/", views.keys, name="own-keys"),
    path("invitations/", views.invitations, name="own-invitations"),
]
