"""The ten member permissions of seed 003, where dialects look for them."""

from rbacadmin.member_permissions import MEMBER_PERMISSIONS, to_actions, to_routes

__all__ = ("MEMBER_PERMISSIONS", "to_actions", "to_routes")
