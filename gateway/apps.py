from django.apps import AppConfig


class GatewayConfig(AppConfig):
    """Models, model access groups, admission, budgets and usage."""

    name = "gateway"
    verbose_name = "Gateway"
