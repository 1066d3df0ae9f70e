"""The addresses of what a kind of scope shares with teams."""

from django.urls import URLPattern, path

from dashboard.members.place import Place
from dashboard.sharing import views


def sharing_urls(place: Place) -> list[URLPattern]:
    """`42/shared/` and what is beneath, named after the kind: `project-shared`, `project-share-end`."""
    more = {"place": place}
    return [
        path("<uuid:pk>/shared/", views.shared, more, name=f"{place.kind}-shared"),
        path("<uuid:pk>/shared/new/", views.new, more, name=f"{place.kind}-share-new"),
        path("<uuid:pk>/shared/<uuid:team>/", views.change, more, name=f"{place.kind}-share"),
        path("<uuid:pk>/shared/<uuid:team>/end/", views.end, more, name=f"{place.kind}-share-end"),
    ]
