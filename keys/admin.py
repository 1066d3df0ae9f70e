"""Virtual keys in Django admin. None is made there: the secret would have no place to be shown once."""

from typing import Any

from django.contrib import admin

from keys import services
from keys.models import Key, TerminalSignIn
from rbacadmin.admin import ReadOnly, ServiceAdmin
from rbacadmin.policy import Actor


@admin.register(Key)
class KeyAdmin(ServiceAdmin):
    list_display = ("label", "kind", "user", "organization", "team", "project", "blocked_by", "expires_at")
    list_select_related = ("user", "organization", "team", "project")
    list_filter = ("kind", "blocked_by")
    search_fields = ("alias", "public_id", "user__email", "team__alias", "project__alias", "organization__alias")
    removable = True

    def change(self, actor: Actor, row: Key, values: dict[str, Any]) -> Key:
        return services.update_key(actor, row, **values)

    def remove(self, actor: Actor, row: Key) -> None:
        services.delete_keys(actor, row)


@admin.register(TerminalSignIn)
class TerminalSignInAdmin(ReadOnly):
    list_display = ("host", "ip", "created_at", "answer", "user", "key")
    list_select_related = ("user", "key")
    list_filter = ("answer",)
    search_fields = ("host",)
