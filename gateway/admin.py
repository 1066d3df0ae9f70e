"""Models and spend in Django admin, to look at: they have no services yet, and metering has no editor ever."""

from django.contrib import admin

from gateway.models import CatalogModel, DailyUsage, ModelAccessGroup, Spend
from rbacadmin.admin import ReadOnly


@admin.register(CatalogModel)
class CatalogModelAdmin(ReadOnly):
    list_display = ("name", "organization", "team", "project", "blocked", "source")
    list_select_related = ("organization", "team", "project")
    list_filter = ("blocked", "source")
    search_fields = ("name",)


@admin.register(ModelAccessGroup)
class ModelAccessGroupAdmin(ReadOnly):
    list_display = ("name", "description")
    search_fields = ("name",)


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
