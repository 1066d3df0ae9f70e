from django.urls import path

from dashboard.access import views

urlpatterns = [
    path("", views.explain, name="access-explain"),
    path("who/", views.who, name="access-who"),
    path("compare/", views.compare, name="access-compare"),
    path("people/<uuid:pk>/", views.person, name="access-person"),
]
