from django.urls import path

from dashboard.keys import views

urlpatterns = [
    path("", views.key_list, name="key-list"),
]
