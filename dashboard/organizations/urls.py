from django.urls import path

from dashboard.organizations import views

urlpatterns = [
    path("", views.organization_list, name="organization-list"),
    path("<uuid:pk>/", views.organization_detail, name="organization-detail"),
]
