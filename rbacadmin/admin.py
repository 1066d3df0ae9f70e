"""Django admin: inspection and break-glass for superusers. Every save there runs a service and is on record.

A superuser may have no platform role; here they act as a platform admin through the door `admin`, under their own
name. What no service covers is read-only, grants and the record always are, and secrets are in no field.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import BinaryField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from rbacadmin.errors import Refused
from rbacadmin.http import client_ip
from rbacadmin.models import Archived, AuditEvent, Change, Setting, Task, TaskPart
from rbacadmin.policy import Actor, Origin
from rbacadmin.policy.fields import FIELDS

SECRET_FIELDS = frozenset({"token", "previous_token", "digest", "credential", "password", "device_digest", "user_code"})


@dataclass(frozen=True)
class Superuser(Actor):
    """A superuser in Django admin: a platform admin for as long as they are a superuser, whatever their own role."""

    def reread(self) -> Actor:
        people = get_user_model()._default_manager.filter(is_superuser=True, blocked_by="")
        return self if self.user_id and people.filter(pk=self.user_id).exists() else replace(self, active=False)


def actor_of(request: HttpRequest) -> Actor:
    """Who saves in Django admin."""
    user: Any = request.user
    origin = Origin(door="admin", ip=client_ip(request), request_id=getattr(request, "id", ""))
    return Superuser(
        f"user:{user.pk}",
        label=user.label,
        platform_role="proxy_admin",
        active=user.is_active,
        user=user,
        origin=origin,
    )


class ServiceForm(forms.ModelForm):
    """Runs the service while it validates, so that what the service refuses is an error of the form."""

    model_admin: ClassVar[Any]
    actor: ClassVar[Actor]

    def _post_clean(self) -> None:
        row: Any = self.instance
        row.validate_constraints = lambda exclude=None: None  # of what the service makes, which completes the row
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        values = {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}
        try:
            if self.instance._state.adding:
                self.instance = self.model_admin.create(self.actor, values)
            else:
                stored = type(self.instance)._default_manager.get(pk=self.instance.pk)
                self.instance = self.model_admin.change(self.actor, stored, values)
        except ValidationError as error:
            for name, texts in error.message_dict.items() if hasattr(error, "error_dict") else [("", error.messages)]:
                self.add_error(name if name in self.fields else None, texts)
        except Refused as error:
            self.add_error(None, str(error))


class ReadOnly(admin.ModelAdmin):
    """Rows to look at. No secret is a field of it."""

    actions = None
    show_full_result_count = False
    list_per_page = 50

    def shown(self) -> list[str]:
        names = [field.name for field in self.opts.fields if not isinstance(field, BinaryField)]
        return [name for name in names if name not in SECRET_FIELDS]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.shown()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.shown()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ServiceAdmin(ReadOnly):
    """Rows that services write: `create`, `change` and `remove` call them. What they do not take is read-only."""

    form = ServiceForm
    add_fields: ClassVar[tuple[str, ...]] = ()
    locked: ClassVar[frozenset[str]] = frozenset()  # writable fields that have guards of their own
    removable: ClassVar[bool] = False

    def create(self, actor: Actor, values: dict[str, Any]) -> Any:
        raise NotImplementedError

    def change(self, actor: Actor, row: Any, values: dict[str, Any]) -> Any:
        raise NotImplementedError

    def remove(self, actor: Actor, row: Any) -> None:
        raise NotImplementedError

    def editable(self) -> list[str]:
        """What the field table lets somebody write."""
        own = {field.name for field in self.opts.fields if field.editable}
        table: Iterable[tuple[str, Any]] = FIELDS[self.opts.label].items()
        return [name for name, access in table if access.write and name in own - self.locked]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.add_fields
        editable = self.editable()
        return [*editable, *(name for name in self.shown() if name not in editable)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [] if obj is None else [name for name in self.shown() if name not in self.editable()]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made = super().get_form(request, obj, change, **kwargs)
        return type(made.__name__, (made,), {"model_admin": self, "actor": actor_of(request)})

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.add_fields) and bool(getattr(request.user, "is_superuser", False))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.removable and bool(getattr(request.user, "is_superuser", False))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing: the form's service has saved it."""

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.remove(actor_of(request), obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What goes along with a row is its service's business, also where it is read-only by itself."""
        found, counts, _needed, protected = super().get_deleted_objects(objs, request)
        return found, counts, set(), protected

    def _delete_view(self, request: HttpRequest, object_id: str, extra_context: Any) -> HttpResponse:
        """Inside Django's transaction, so that the record of a refusal stays."""
        try:
            return super()._delete_view(request, object_id, extra_context)  # type: ignore[misc]
        except (Refused, ValidationError) as error:
            messages.error(request, str(error))
            return redirect(request.path)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    list_display = ("created_at", "event", "outcome", "actor_label", "kind", "object_label", "door")
    list_filter = ("outcome", "door", "kind")
    search_fields = ("event", "actor_label", "object_label", "object_id")


@admin.register(Change)
class ChangeAdmin(ReadOnly):
    list_display = ("seq", "op", "kind", "object_id")
    list_filter = ("op", "kind")
    search_fields = ("object_id",)


@admin.register(Archived)
class ArchivedAdmin(ReadOnly):
    list_display = ("created_at", "kind", "name", "archived_by")
    list_filter = ("kind",)
    search_fields = ("name", "object_id", "archived_by")


@admin.register(Setting)
class SettingAdmin(ReadOnly):
    list_display = ("name", "value", "updated_at", "updated_by")
    search_fields = ("name",)


@admin.register(Task)
class TaskAdmin(ReadOnly):
    """That there is long work, and how far it is. What it is about is its owner's alone."""

    list_display = ("created_at", "kind", "title", "owner_id", "done", "total", "finished_at")
    list_filter = ("kind",)
    search_fields = ("owner_id",)
    exclude = ("asked", "after")


@admin.register(TaskPart)
class TaskPartAdmin(ReadOnly):
    list_display = ("task_id", "number")
    search_fields = ("=task__id",)
    exclude = ("outcomes", "text")
