from django.urls import path

from dashboard.permissions import views

urlpatterns = [path("", views.permissions, name="permissions")]
