"""The addresses of members, beneath those of a kind of scope."""

from django.urls import URLPattern, path

from dashboard.members import views
from dashboard.members.bulk import members_bulk
from dashboard.members.place import Place


def member_urls(place: Place) -> list[URLPattern]:
    """`42/members/` and what is beneath, named after the kind: `team-members`, `team-member-remove`."""
    more = {"place": place}
    return [
        path("<uuid:pk>/members/", views.members, more, name=place.members_url),
        path("<uuid:pk>/members/bulk/", members_bulk, more, name=place.bulk_url),
        path("<uuid:pk>/members/<uuid:member>/", views.member, more, name=place.member_url),
        path("<uuid:pk>/members/<uuid:member>/edit/", views.edit, more, name=place.edit_url),
        path("<uuid:pk>/members/<uuid:member>/remove/", views.remove, more, name=place.remove_url),
    ]
