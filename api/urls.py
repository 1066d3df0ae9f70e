"""The URLs of all dialects, the schema and its documentation."""

from django.urls import include, path

from api.gateway.views import forward_auth
from api.litellm.routes import ROUTES
from api.litellm.view import urls_of
from api.openai.administration.routes import ROUTES as ADMINISTRATION
from api.openai.administration.view import urls_of as administration_urls_of
from api.openapi import Docs, openapi

urlpatterns = [
    path("", include("api.openai.urls")),
    path("", include("api.llmariner.urls")),
    path("", include("api.oauth.urls")),
    path("", include("api.kubernetes.urls")),
    *urls_of(ROUTES),
    *administration_urls_of(ADMINISTRATION),
    path("gateway/auth-request", forward_auth, name="gateway-auth-request"),
    path("gateway/forward-auth", forward_auth, name="gateway-forward-auth"),
    path("gateway/ext-authz/<path:_path>", forward_auth, name="gateway-ext-authz"),
    path("openapi.json", openapi, name="openapi"),
    path("docs/", Docs.as_view(), name="docs"),
]
