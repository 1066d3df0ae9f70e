from django.urls import path

from dashboard.models import change_views, views

urlpatterns = [
    path("", views.model_list, name="model-list"),
    path("new/", change_views.model_new, name="model-new"),
    path("<uuid:pk>/", views.model_detail, name="model-detail"),
    path("<uuid:pk>/history/", views.model_history, name="model-history"),
    path("<uuid:pk>/edit/", change_views.model_edit, name="model-edit"),
    path("<uuid:pk>/block/", change_views.model_block, name="model-block"),
    path("<uuid:pk>/unblock/", change_views.model_unblock, name="model-unblock"),
    path("<uuid:pk>/test/", change_views.model_test, name="model-test"),
    path("<uuid:pk>/delete/", change_views.model_delete, name="model-delete"),
]
