"""Manifests in Django admin: to be looked at."""

from django.contrib import admin

from manifests.models import KeySecret, Manifest
from rbacadmin.admin import ReadOnly


@admin.register(Manifest)
class ManifestAdmin(ReadOnly):
    list_display = ("kind", "namespace", "name", "reason", "applied_by")
    list_filter = ("kind", "namespace")
    search_fields = ("name",)


@admin.register(KeySecret)
class KeySecretAdmin(ReadOnly):
    list_display = ("namespace", "name", "creator", "expires_at")
    exclude = ("sealed",)
