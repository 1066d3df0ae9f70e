from django.urls import path

from dashboard.customers import change_views, views

urlpatterns = [
    path("", views.customer_list, name="customer-list"),
    path("new/", change_views.customer_new, name="customer-new"),
    path("<uuid:pk>/", views.customer_detail, name="customer-detail"),
    path("<uuid:pk>/history/", views.customer_history, name="customer-history"),
    path("<uuid:pk>/edit/", change_views.customer_edit, name="customer-edit"),
    path("<uuid:pk>/block/", change_views.customer_block, name="customer-block"),
    path("<uuid:pk>/unblock/", change_views.customer_unblock, name="customer-unblock"),
    path("<uuid:pk>/delete/", change_views.customer_delete, name="customer-delete"),
]
