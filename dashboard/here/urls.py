"""The addresses of the sections that every kind of scope has."""

from django.urls import URLPattern, path

from dashboard.here import views
from dashboard.members.place import Place


def section_urls(place: Place) -> list[URLPattern]:
    """`42/access/` and `42/usage/`, named after the kind: `team-access`."""
    more = {"place": place}
    return [
        path("<uuid:pk>/access/", views.access, more, name=f"{place.kind}-access"),
        path("<uuid:pk>/usage/", views.usage, more, name=f"{place.kind}-usage"),
    ]
