from django.urls import path

from dashboard.budgets import views

urlpatterns = [
    path("", views.budget_list, name="budget-list"),
    path("new/", views.budget_new, name="budget-new"),
    path("<uuid:pk>/", views.budget_detail, name="budget-detail"),
    path("<uuid:pk>/history/", views.budget_history, name="budget-history"),
    path("<uuid:pk>/edit/", views.budget_edit, name="budget-edit"),
    path("<uuid:pk>/delete/", views.budget_delete, name="budget-delete"),
]
