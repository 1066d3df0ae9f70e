from django.urls import path

from dashboard.keys import bulk_views, change_views, views

urlpatterns = [
    path("", views.key_list, name="key-list"),
    path("new/", change_views.key_new, name="key-new"),
    path("bulk/", bulk_views.key_bulk, name="key-bulk"),
    path("<uuid:pk>/", views.key_detail, name="key-detail"),
    path("<uuid:pk>/usage/", views.key_usage, name="key-usage"),
    path("<uuid:pk>/history/", views.key_history, name="key-history"),
    path("<uuid:pk>/edit/", change_views.key_edit, name="key-edit"),
    path("<uuid:pk>/regenerate/", change_views.key_regenerate, name="key-regenerate"),
    path("<uuid:pk>/block/", change_views.key_block, name="key-block"),
    path("<uuid:pk>/unblock/", change_views.key_unblock, name="key-unblock"),
    path("<uuid:pk>/delete/", change_views.key_delete, name="key-delete"),
]
