"""The URLs of all dialects, the schema and its documentation."""

from django.urls import include, path

from api.litellm.routes import ROUTES
from api.litellm.view import urls_of
from api.openapi import Docs, openapi

urlpatterns = [
    path("", include("api.openai.urls")),
    *urls_of(ROUTES),
    path("openapi.json", openapi, name="openapi"),
    path("docs/", Docs.as_view(), name="docs"),
]
