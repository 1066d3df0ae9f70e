from django.urls import path

from dashboard.claims import views

urlpatterns = [path("", views.claims, name="settings-claims")]
