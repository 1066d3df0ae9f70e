from django.urls import path

from dashboard.access import preview_views, review_views, views

urlpatterns = [
    path("", views.explain, name="access-explain"),
    path("who/", views.who, name="access-who"),
    path("compare/", views.compare, name="access-compare"),
    path("people/<uuid:pk>/", views.person, name="access-person"),
    path("preview/members/<uuid:pk>/", preview_views.member, name="access-preview-member"),
    path("preview/joining/<str:kind>/<uuid:pk>/", preview_views.joining, name="access-preview-joining"),
    path("preview/people/<uuid:pk>/", preview_views.person, name="access-preview-person"),
    path("review/<str:kind>/<uuid:pk>/", review_views.review, name="access-review"),
]
