"""People, teams and memberships in Django admin. A scope's group is its people: editing it would bypass every rule."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from orgs.admin import GrantAdmin
from rbacadmin.admin import ReadOnly, ServiceAdmin
from rbacadmin.policy import Actor
from teams import services
from teams.models import Invitation, Membership, Team, TeamGrant, User

admin.site.unregister(Group)
admin.site.register(TeamGrant, GrantAdmin)


@admin.register(User)
class UserAdmin(ServiceAdmin):
    list_display = ("label", "name", "kind", "platform_role", "blocked_by", "created_at")
    list_filter = ("kind", "platform_role", "blocked_by")
    search_fields = ("email", "name", "public_id")
    add_fields = ("email", "name", "platform_role")
    locked = frozenset({"email", "platform_role", "sso_id"})

    def create(self, actor: Actor, values: dict[str, Any]) -> User:
        return services.create_user(actor, **values)

    def change(self, actor: Actor, row: User, values: dict[str, Any]) -> User:
        return services.update_user(actor, row, **values)


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
