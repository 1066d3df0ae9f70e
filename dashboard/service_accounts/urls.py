from django.urls import path

from dashboard.service_accounts import views

urlpatterns = [
    path("", views.account_list, name="project-service-accounts"),
    path("new/", views.account_new, name="project-service-account-new"),
    path("<uuid:account>/keys/new/", views.account_key_new, name="project-service-account-key-new"),
    path("<uuid:account>/rename/", views.account_rename, name="project-service-account-rename"),
    path("<uuid:account>/delete/", views.account_delete, name="project-service-account-delete"),
]
