"""Organizations and projects in Django admin."""

from typing import Any

from django.contrib import admin

from orgs import services
from orgs.models import Organization, OrganizationGrant, Project, ProjectGrant
from rbacadmin.admin import ReadOnly, ServiceAdmin
from rbacadmin.policy import Actor


@admin.register(Organization)
class OrganizationAdmin(ServiceAdmin):
    list_display = ("alias", "public_id", "blocked_by", "created_at")
    list_filter = ("blocked_by",)
    search_fields = ("alias", "public_id")
    add_fields = ("alias",)

    def create(self, actor: Actor, values: dict[str, Any]) -> Organization:
        return services.create_organization(actor, **values)

    def change(self, actor: Actor, row: Organization, values: dict[str, Any]) -> Organization:
        return services.update_organization(actor, row, **values)


@admin.register(Project)
class ProjectAdmin(ServiceAdmin):
    list_display = ("alias", "organization", "public_id", "blocked_by", "created_at")
    list_select_related = ("organization",)
    list_filter = ("blocked_by", "is_default")
    search_fields = ("alias", "public_id", "organization__alias")
    add_fields = ("organization", "alias")
    raw_id_fields = ("organization",)

    def create(self, actor: Actor, values: dict[str, Any]) -> Project:
        return services.create_project(actor, values.pop("organization"), **values)

    def change(self, actor: Actor, row: Project, values: dict[str, Any]) -> Project:
        return services.update_project(actor, row, **values)


@admin.register(OrganizationGrant, ProjectGrant)
class GrantAdmin(ReadOnly):
    list_display = ("content_object", "permission", "group", "expires_at", "created_at", "created_by")
    list_select_related = ("content_object", "permission__content_type", "group")
    search_fields = ("content_object__alias", "permission__codename")
