"""Where terminals sign in and out."""

from django.urls import path

from api.oauth import views

urlpatterns = [
    path("oauth/device_authorization", views.device_authorization, name="oauth-device-authorization"),
    path("oauth/token", views.token, name="oauth-token"),
    path("oauth/revoke", views.revoke, name="oauth-revoke"),
]
