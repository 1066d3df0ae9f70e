from django.urls import path

from keys import views

urlpatterns = [
    path("", views.key_list, name="key-list"),
]
