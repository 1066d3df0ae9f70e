from django.apps import AppConfig


class OrgsConfig(AppConfig):
    """Organizations and projects."""

    name = "orgs"
    verbose_name = "Organizations and projects"
