from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The dialects: one package each, all over the same services."""

    name = "api"
    verbose_name = "API dialects"

    def ready(self) -> None:
        from api import openapi  # noqa: F401  (registers how bearer keys look in the schema)
        from api.litellm import presets

        presets.register()
