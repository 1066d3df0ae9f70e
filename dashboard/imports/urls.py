from django.urls import path

from dashboard.imports import views

urlpatterns = [
    path("<uuid:pk>/import/", views.upload, name="organization-import"),
    path("<uuid:pk>/import/template/", views.template, name="organization-import-template"),
]
