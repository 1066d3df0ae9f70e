"""Django's own permission questions, answered by the policy, so that the admin and third-party code agree with it."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import Actor
from rbacadmin.policy.engine import can


class PolicyBackend(BaseBackend):
    """`user.has_perm("teams.manage_members", team)` asks `can`. Superusers are let through by Django before."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        name = perm.rsplit(".", 1)[-1]
        if not user_obj.is_authenticated or name not in Action.values:
            return False
        return can(Actor.for_user(user_obj), Action(name), obj)
