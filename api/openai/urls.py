"""The routes that call models, each with and without OpenAI's version in front."""

from django.urls import URLPattern, path

from api.openai import views

VIEWS = {
    "chat/completions": views.chat_completions,
    "completions": views.completions,
    "embeddings": views.embeddings,
}
urlpatterns: list[URLPattern] = [
    path(f"{prefix}{route}", view, name=f"openai-{prefix.replace('/', '-')}{route.replace('/', '-')}")
    for route, view in VIEWS.items()
    for prefix in ("", "v1/")
]
