from django.apps import AppConfig


class RbacadminConfig(AppConfig):
    """The core that every app stands on."""

    name = "rbacadmin"
    verbose_name = "Record"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rbacadmin import checks, lifecycle  # noqa: F401  (registers system checks and the scope receiver)
