"""The addresses of what is done to a scope."""

from django.urls import URLPattern, path

from dashboard.scopes import views
from dashboard.scopes.kind import Kind


def scope_urls(kind: Kind) -> list[URLPattern]:
    """`42/edit/`, `42/block/` and so on, named after the kind: `project-edit`."""
    more = {"kind": kind}
    return [
        path("bulk/", views.several, more, name=f"{kind.name}-bulk"),
        path("<uuid:pk>/edit/", views.edit, more, name=f"{kind.name}-edit"),
        path("<uuid:pk>/block/", views.block, more, name=f"{kind.name}-block"),
        path("<uuid:pk>/unblock/", views.unblock, more, name=f"{kind.name}-unblock"),
        path("<uuid:pk>/delete/", views.delete, more, name=f"{kind.name}-delete"),
    ]
