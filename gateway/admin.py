"""Models and spend in Django admin. A credential is neither shown nor taken there, and metering has no editor ever."""

from typing import Any

from django.contrib import admin

from gateway.access_groups import create_access_group, delete_access_group, update_access_group
from gateway.budgets.services import create_budget, delete_budget, update_budget
from gateway.catalog import create_model, delete_model, update_model
from gateway.customers.services import delete_customers, update_customer
from gateway.models import (
    Budget,
    BudgetHeld,
    CatalogModel,
    CountedName,
    Customer,
    DailyUsage,
    Label,
    Lease,
    ModelAccessGroup,
    RefusalCount,
    Spend,
    Usage,
)
from rbacadmin.admin import ReadOnly, ServiceAdmin
from rbacadmin.policy import Actor


@admin.register(CatalogModel)
class CatalogModelAdmin(ServiceAdmin):
    list_display = ("name", "organization", "team", "project", "blocked", "source")
    list_select_related = ("organization", "team", "project")
    list_filter = ("blocked", "source")
    search_fields = ("name",)
    add_fields = ("name", "organization", "team", "project", "params", "info", "input_price", "output_price")
    raw_id_fields = ("organization", "team", "project")
    locked = frozenset({"blocked"})  # by its own verbs, over the API
    removable = True

    def create(self, actor: Actor, values: dict[str, Any]) -> CatalogModel:
        return create_model(actor, **values)

    def change(self, actor: Actor, row: CatalogModel, values: dict[str, Any]) -> CatalogModel:
        """The form shows the whole of `params` and `info`, so what is missing in it goes."""
        for name in values.keys() & {"params", "info"}:
            values[name] = {**dict.fromkeys(getattr(row, name)), **(values[name] or {})}
        return update_model(actor, row, **values)

    def remove(self, actor: Actor, row: CatalogModel) -> None:
        delete_model(actor, row)


@admin.register(ModelAccessGroup)
class ModelAccessGroupAdmin(ServiceAdmin):
    list_display = ("name", "description")
    search_fields = ("name",)
    add_fields = ("name", "models", "description")
    removable = True

    def create(self, actor: Actor, values: dict[str, Any]) -> ModelAccessGroup:
        return create_access_group(actor, **{"models": [], **values})

    def change(self, actor: Actor, row: ModelAccessGroup, values: dict[str, Any]) -> ModelAccessGroup:
        return update_access_group(actor, row, **values)

    def remove(self, actor: Actor, row: ModelAccessGroup) -> None:
        delete_access_group(actor, row)


@admin.register(Budget)
class BudgetAdmin(ServiceAdmin):
    list_display = ("public_id", "max_budget", "budget_duration", "created_at")
    search_fields = ("public_id",)
    add_fields = ("max_budget", "soft_budget", "budget_duration", "rpm_limit", "tpm_limit")
    removable = True

    def create(self, actor: Actor, values: dict[str, Any]) -> Budget:
        return create_budget(actor, **values)

    def change(self, actor: Actor, row: Budget, values: dict[str, Any]) -> Budget:
        return update_budget(actor, row, **values)

    def remove(self, actor: Actor, row: Budget) -> None:
        delete_budget(actor, row)


@admin.register(BudgetHeld)
class BudgetHeldAdmin(ReadOnly):
    list_display = ("budget", "organization", "key", "customer")
    list_select_related = ("budget", "organization", "key", "customer")
    search_fields = ("budget__public_id", "customer__public_id")


@admin.register(Customer)
class CustomerAdmin(ServiceAdmin):
    """Made over the API only: the id of a customer is what its calls carry, and no form takes an id."""

    list_display = ("public_id", "name", "max_budget", "blocked_by", "created_at")
    list_filter = ("blocked_by",)
    search_fields = ("public_id", "name")
    removable = True

    def change(self, actor: Actor, row: Customer, values: dict[str, Any]) -> Customer:
        return update_customer(actor, row, **values)

    def remove(self, actor: Actor, row: Customer) -> None:
        delete_customers(actor, row)


@admin.register(Spend)
class SpendAdmin(ReadOnly):
    list_display = ("kind", "object_id", "lifetime", "current", "period_start")
    list_filter = ("kind",)
    search_fields = ("object_id",)


@admin.register(DailyUsage)
class DailyUsageAdmin(ReadOnly):
    list_display = ("day", "kind", "object_id", "model", "requests", "spend")
    list_filter = ("kind", "model")
    search_fields = ("model",)


@admin.register(Lease)
class LeaseAdmin(ReadOnly):
    list_display = ("object_id", "process", "amount", "expires_at")
    search_fields = ("object_id", "process")


@admin.register(RefusalCount)
class RefusalCountAdmin(ReadOnly):
    list_display = ("minute", "status", "code", "level", "key_label", "count")
    list_filter = ("status", "level")
    search_fields = ("key_label", "code")


@admin.register(Usage)
class UsageAdmin(ReadOnly):
    list_display = ("ended_at", "request_id", "model", "status", "cost", "customer")
    list_filter = ("status",)
    search_fields = ("request_id",)


@admin.register(CountedName)
class CountedNameAdmin(ReadOnly):
    list_display = ("day", "kind", "organization_id", "object_id")
    list_filter = ("kind",)
    search_fields = ("object_id",)


@admin.register(Label)
class LabelAdmin(ReadOnly):
    list_display = ("kind", "name", "object_id")
    list_filter = ("kind",)
    search_fields = ("name",)
