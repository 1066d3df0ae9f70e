"""Manifests in Django admin: to be looked at."""

from django.contrib import admin

from manifests.models import Manifest
from rbacadmin.admin import ReadOnly


@admin.register(Manifest)
class ManifestAdmin(ReadOnly):
    list_display = ("kind", "namespace", "name", "reason", "applied_by")
    list_filter = ("kind", "namespace")
    search_fields = ("name",)
