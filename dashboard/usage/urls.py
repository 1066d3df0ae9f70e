from django.urls import path

from dashboard.usage import views

urlpatterns = [path("", views.usage, name="usage")]
