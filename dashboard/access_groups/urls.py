from django.urls import path

from dashboard.access_groups import views

urlpatterns = [
    path("", views.group_list, name="group-list"),
    path("new/", views.group_new, name="group-new"),
    path("<uuid:pk>/", views.group_detail, name="group-detail"),
    path("<uuid:pk>/history/", views.group_history, name="group-history"),
    path("<uuid:pk>/edit/", views.group_edit, name="group-edit"),
    path("<uuid:pk>/delete/", views.group_delete, name="group-delete"),
]
