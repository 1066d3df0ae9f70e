"""The map of the dashboard, under /ui/."""

from django.urls import URLPattern, URLResolver, include, path

from dashboard.home import home, styleguide, theme

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("theme/", theme, name="theme"),
    path("styleguide/", styleguide, name="styleguide"),
    path("organizations/", include("dashboard.organizations.urls")),
    path("teams/", include("dashboard.teams.urls")),
    path("people/", include("dashboard.people.urls")),
    path("keys/", include("dashboard.keys.urls")),
    path("access/", include("dashboard.access.urls")),
]
