"""What the roles in verified tokens stand for, and what each may call: as it is stored, and as configured."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field, ValidationError, model_validator

from rbacadmin.config_file.shapes import LEADING, Claim, RolePermission, RolePermissions, Strict
from rbacadmin.config_file.source import plain_words
from rbacadmin.config_file.tokens import JwtAuth, RoleMappings

EMPTY: dict[str, Any] = {"roles_jwt_field": "", "role_mappings": [], "default_role": "", "role_permissions": []}
ALWAYS = {"role", "models", "routes"}  # of a permission; limits stand there when they are set


class Mapped(Strict):
    """The whole setting, with every rule that holds for it."""

    roles_jwt_field: Claim = ""
    role_mappings: RoleMappings = Field(default_factory=list)
    default_role: str = Field(default="", pattern="^(internal_user|internal_user_viewer)?$")
    role_permissions: RolePermissions = Field(default_factory=list)

    @model_validator(mode="after")
    def names_its_claim(self) -> "Mapped":
        if (self.role_mappings or self.default_role) and not self.roles_jwt_field:
            raise ValueError("role_mappings need roles_jwt_field: the claim that holds the roles")
        return self


def checked(value: Any) -> dict[str, Any]:
    """The mapping as it is stored. Raises ValueError with a sentence."""
    try:
        return plain(Mapped.model_validate(value))
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        at = ".".join(map(str, first["loc"]))
        raise ValueError(f"{at}: {plain_words(first['msg'])}" if at else plain_words(first["msg"])) from None


def plain(found: Mapped) -> dict[str, Any]:
    """The setting as JSON holds it."""
    return {
        "roles_jwt_field": found.roles_jwt_field,
        "role_mappings": [dumped(one) for one in found.role_mappings],
        "default_role": found.default_role,
        "role_permissions": [permission(one) for one in found.role_permissions],
    }


def dumped(one: BaseModel) -> dict[str, Any]:
    return one.model_dump(mode="json")


def permission(one: RolePermission) -> dict[str, Any]:
    return {name: value for name, value in dumped(one).items() if value is not None or name in ALWAYS}


def configured(
    auth: JwtAuth | None, single_sign_on: Mapping[str, Any] | None, permissions: list[RolePermission]
) -> dict[str, Any] | None:
    """What file and environment say, in the form of the setting; None when they say nothing of it.

    `single_sign_on` is the older form of the same: {claim, roles: {name: role}, default}.
    """
    mapping: dict[str, Any] = {}
    if auth is not None and auth.role_mappings:
        mapping = {"roles_jwt_field": auth.roles_jwt_field, "role_mappings": list(map(dumped, auth.role_mappings))}
    elif single_sign_on:
        mapping = of_single_sign_on(single_sign_on)
    if not mapping and not permissions:
        return None
    return {**EMPTY, **mapping, "role_permissions": [permission(one) for one in permissions]}


def of_single_sign_on(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """`RBACADMIN_ROLE_MAPPING` in the form of the setting."""
    return {
        "roles_jwt_field": mapping["claim"],
        "role_mappings": [{"role": name, "internal_role": role} for name, role in mapping["roles"].items()],
        "default_role": mapping.get("default") or "",
    }


__all__ = ("EMPTY", "LEADING", "checked", "configured", "of_single_sign_on")
