from django.urls import path

from dashboard.settings import views

urlpatterns = [
    path("", views.settings_page, name="settings"),
    path("update/", views.settings_update, name="settings-update"),
    path("jwt/", views.settings_jwt, name="settings-jwt"),
    path("jobs/", views.settings_jobs, name="settings-jobs"),
]
