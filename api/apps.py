from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The dialects: one package each, all over the same services."""

    name = "api"
    verbose_name = "API dialects"

    def ready(self) -> None:
        from api import checks, openapi  # noqa: F401  (checks, and how bearer keys look in the schema, register)
        from api.kubernetes import status
        from api.litellm import presets
        from api.llmariner import envelopes as llmariner
        from rbacadmin import http

        presets.register()
        http.ENVELOPES.update(dict.fromkeys(llmariner.PATHS, llmariner.failure))
        http.ENVELOPES.update(dict.fromkeys(status.PATHS, status.failure))
