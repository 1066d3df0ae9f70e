from django.apps import AppConfig


class OrgsConfig(AppConfig):
    """Organizations and projects."""

    name = "orgs"
    verbose_name = "Organizations and projects"

    def ready(self) -> None:
        from orgs.closing import close_projects
        from rbacadmin import lifecycle

        lifecycle.on_close.append(close_projects)
