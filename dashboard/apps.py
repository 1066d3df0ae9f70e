from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """The screens: one door of the product, over the same services as the dialects."""

    name = "dashboard"
    verbose_name = "Dashboard"
