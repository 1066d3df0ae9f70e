from django.urls import path

from dashboard.imports import views

urlpatterns = [
    path("<uuid:pk>/import/", views.upload, name="organization-import"),
    path("<uuid:pk>/import/run/", views.run, name="organization-import-run"),
    path("<uuid:pk>/import/discard/", views.discard, name="organization-import-discard"),
    path("<uuid:pk>/import/template/", views.template, name="organization-import-template"),
]
