from django.apps import AppConfig


class RbacadminConfig(AppConfig):
    """The core that every app stands on."""

    name = "rbacadmin"
    verbose_name = "Record"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rbacadmin import checks, lifecycle, role_permissions  # noqa: F401  (checks and the scope receiver register)
        from rbacadmin.policy import configured

        configured.caps.append(role_permissions.actions_cap)
