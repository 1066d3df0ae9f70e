"""The map of the site: the dashboard under /ui/, sign-in under /accounts/, Django admin under /admin/.

The dialects own the root, because their clients know no prefix.
"""

from typing import NoReturn

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from teams.invitation_views import invitation
from teams.sign_in_views import sign_in_link
from teams.single_sign_on import answered, leave


@login_not_required
def closed(request: HttpRequest, **_parts: str) -> NoReturn:
    """Addresses and identities are an administrator's business: allauth's own pages for them are closed."""
    raise Http404


urlpatterns: list[URLPattern | URLResolver] = [
    path("", login_not_required(RedirectView.as_view(pattern_name="home"))),
    path("ui", login_not_required(RedirectView.as_view(pattern_name="home"))),
    path("ui/", include("dashboard.urls")),
    path("accounts/link/<str:ident>/<str:token>/", sign_in_link, name="sign-in-link"),
    path("accounts/invitation/<str:secret>/", invitation, name="invitation-accept"),
    path("accounts/sso/", leave, name="single-sign-on"),
    path("accounts/sso/callback/", answered, name="single-sign-on-callback"),
    path("accounts/email/", closed),
    path("accounts/3rdparty/", closed),
    path("accounts/oidc/<path:rest>", closed),  # ours above verify more
    path("accounts/password/change/", RedirectView.as_view(pattern_name="own-password")),  # attempts count there
    path("accounts/", include("allauth.urls")),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),  # is on record
    path("admin/", admin.site.urls),
    path("", include("api.urls")),
]

handler404 = "rbacadmin.http.not_found"
handler500 = "rbacadmin.http.failed"
