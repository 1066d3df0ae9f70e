"""People, teams and memberships in Django admin. A scope's group is its people: editing it would bypass every rule."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from orgs.admin import GrantAdmin
from rbacadmin.admin import ReadOnly, ServiceAdmin, ServiceForm
from rbacadmin.policy import Actor
from rbacadmin.service import service
from teams import services, sign_in_admin  # noqa: F401  (registers what stands behind signing in)
from teams.models import Invitation, Membership, Team, TeamGrant, User

admin.site.unregister(Group)
admin.site.register(TeamGrant, GrantAdmin)


@service
def revise_user(
    actor: Actor, user: User, *, blocked: bool | None = None, superuser: bool | None = None, **values: Any
) -> User:
    """What one form of Django admin changes about a person: all of it, or nothing."""
    if superuser is not None:
        user = services.set_superuser(actor, user, superuser=superuser)
    if values:
        user = services.update_user(actor, user, **values)
    if blocked is not None:
        (user,) = (services.block_users if blocked else services.unblock_users)(actor, [user])
    return user


class UserForm(ServiceForm):
    """A person; what has a verb of its own is a box to tick. Which level a block has follows from who ticks it."""

    blocked = forms.BooleanField(required=False, help_text="signs the person out, and shuts out their keys")

    superuser = forms.BooleanField(required=False, help_text="opens Django admin, and nothing else")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(blocked=self.instance.blocked, superuser=self.instance.is_superuser)


@admin.register(User)
class UserAdmin(ServiceAdmin):
    form = UserForm
    list_display = ("label", "name", "kind", "platform_role", "blocked_by", "created_at")
    list_filter = ("kind", "platform_role", "blocked_by")
    search_fields = ("email", "name", "public_id")
    add_fields = ("email", "name", "platform_role")
    locked = frozenset({"sso_id", "sso_issuer"})
    removable = True

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_fields(request, obj)
        return found if obj is None or obj.kind == User.Kind.SERVICE else ["blocked", "superuser", *found]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A service account is no person: it comes and goes with its keys."""
        return super().has_change_permission(request, obj) and (obj is None or obj.kind == User.Kind.PERSON)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.kind == User.Kind.PERSON)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The service says what goes along, not a walk through the tables."""
        named = [f"{user.label}, with their keys and memberships" for user in objs]
        return named, {"people": len(named)}, set(), []

    def create(self, actor: Actor, values: dict[str, Any]) -> User:
        return services.create_user(actor, **values)

    def change(self, actor: Actor, row: User, values: dict[str, Any]) -> User:
        return revise_user(actor, row, **values)

    def remove(self, actor: Actor, row: User) -> None:
        services.delete_users(actor, [row])


@admin.register(Team)
class TeamAdmin(ServiceAdmin):
    list_display = ("alias", "organization", "public_id", "blocked_by", "created_at")
    list_select_related = ("organization",)
    list_filter = ("blocked_by",)
    search_fields = ("alias", "public_id", "organization__alias")
    add_fields = ("organization", "alias")
    raw_id_fields = ("organization",)

    def create(self, actor: Actor, values: dict[str, Any]) -> Team:
        return services.create_team(actor, values.pop("organization", None), **values)

    def change(self, actor: Actor, row: Team, values: dict[str, Any]) -> Team:
        return services.update_team(actor, row, **values)


@admin.register(Membership)
class MembershipAdmin(ServiceAdmin):
    list_display = ("user", "role", "organization", "team", "project", "expires_at")
    list_select_related = ("user", "organization", "team", "project")
    list_filter = ("role",)
    search_fields = ("user__email", "user__name", "organization__alias", "team__alias", "project__alias")
    add_fields = ("user", "organization", "team", "project", "role", "expires_at")
    raw_id_fields = ("user", "organization", "team", "project")
    removable = True

    def create(self, actor: Actor, values: dict[str, Any]) -> Membership:
        user, named = values.pop("user"), [values.pop(kind, None) for kind in ("project", "team", "organization")]
        scope = next((one for one in named if one is not None), None)
        if scope is None:
            raise ValidationError({"organization": "Name an organization, a team or a project."})
        return services.add_member(actor, scope, person=user.public_id, **values)

    def change(self, actor: Actor, row: Membership, values: dict[str, Any]) -> Membership:
        return services.change_member(actor, row, **values)

    def remove(self, actor: Actor, row: Membership) -> None:
        services.remove_member(actor, row)


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    list_display = ("user", "organization", "team", "project", "expires_at", "accepted_at")
    list_select_related = ("user", "organization", "team", "project")
    search_fields = ("user__email", "user__name")
