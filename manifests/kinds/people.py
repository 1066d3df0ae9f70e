"""People as manifests."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from pydantic import AfterValidator, Field

from gateway.spent import resets_at, spent
from keys import services as keys
from manifests import key_secrets, references
from manifests.errors import Cause, Invalid
from manifests.kinds.fields import LIMITS, Duration, Flag, Limited, Named, Ref, dollars
from manifests.kinds.kind import Column, Declared, Kind, Refs, Seen, Status, Values
from manifests.kinds.scopes import AGE, READY
from manifests.moments import stamp
from rbacadmin import policy
from rbacadmin.limits import parse_duration
from rbacadmin.policy import Action, Actor
from teams import services
from teams.models import User
from teams.services.roles import canonical_role


def role_of(kind: str) -> Any:
    """A validator for roles of this kind: any of their spellings, kept as it is."""

    def check(word: str) -> str:
        try:
            canonical_role(kind, word)
        except ValidationError as error:
            raise ValueError(error.messages[0]) from error
        return word

    return AfterValidator(check)


class UserSpec(Limited):
    """A person."""

    userEmail: Named | None = Field(default=None, description="The address that they sign in with.")
    userAlias: Named | None = Field(default=None, description="Their name.")
    userID: Named | None = Field(default=None, description="Their id, chosen by platform admins; cannot be changed.")
    userRole: Annotated[Named, role_of("platform")] | None = Field(
        default=None,
        description="proxy_admin, proxy_admin_viewer, internal_user or internal_user_viewer.",
    )
    ssoUserID: Named | None = Field(default=None, description="Their id at the single sign-on provider.")
    organizationRef: Ref | None = Field(default=None, description="The Organization that they join when they are made.")
    autoCreateKey: Flag | None = Field(default=None, description="Whether a first key is made along with them.")
    keyAlias: Named | None = Field(default=None, description="The name of that key.")
    duration: Duration | None = Field(default=None, description="After what time that key ends.")
    blocked: Flag | None = Field(default=None, description="Whether they are kept out.")


class UserStatus(Status):
    """What is known of a person."""

    userID: str | None = None
    userEmail: str | None = None
    userAlias: str | None = None
    userRole: str | None = Field(default=None, description="The role, in its one spelling.")
    spend: str | None = Field(default=None, description="Dollars spent in the running period.")
    budgetResetAt: str | None = Field(default=None, description="When the budget starts anew.")
    createdAt: str | None = None
    updatedAt: str | None = None
    keySecretRef: str | None = Field(
        default=None, description="The Secret with their first key: for who made it, once, within an hour."
    )


class UserKind(Kind):
    name, plural, short = "User", "users", ("llmuser",)
    description = "A person."
    spec, status, model = UserSpec, UserStatus, User
    fields = {**LIMITS, "userEmail": "email", "userAlias": "name", "userRole": "platform_role", "ssoUserID": "sso_id"}
    id_field = "userID"
    finds_known = True  # somebody known elsewhere is not made anew, and nobody is told (rulebook 8)
    lasting = frozenset({"userEmail", "userRole"})
    kept = frozenset({"connectionRef", "userID", "organizationRef", "autoCreateKey", "keyAlias", "duration"})
    alias_columns = ("name", "email", "public_id")
    columns = (
        READY,
        Column("Email", ".status.userEmail", "The address that they sign in with."),
        Column("Role", ".status.userRole", "Their role on the platform."),
        Column("Budget", ".spec.maxBudget", "Dollars."),
        Column("Spend", ".status.spend", "Dollars in the running period.", priority=1),
        Column("ID", ".status.userID", "Their id.", priority=1),
        AGE,
    )
    sees, creates, changes, deletes = (
        Action.VIEW_PEOPLE,
        Action.CREATE_PEOPLE,
        Action.CHANGE_PROFILE,
        Action.DELETE_PEOPLE,
    )

    def queryset(self) -> QuerySet[User]:
        return User.objects.people()

    def tells(self, actor: Actor, manifest: Any) -> bool:
        """A person can be in several organizations, and what one of them declared is not the others' business.

        So it is told to who wrote it, to those who look after people where the person was declared to be at home, to
        whom it is about, and to the platform.
        """
        if policy.sees_all(actor, Action.VIEW_PEOPLE) or actor.principal == manifest.creator:
            return True
        if actor.user_id is not None and actor.user_id in (manifest.creator_user_id, manifest.object_id):
            return True
        home = manifest.refs.get("organization")
        return home is not None and UUID(home) in actor.scope_ids("organization", Action.VIEW_PEOPLE)

    def alias_of(self, row: Any) -> str:
        return row.name or (row.email or row.public_id).split("@")[0]

    def extras(self, actor: Actor, rows: Sequence[Any], allowed: Mapping[Any, frozenset[str]]) -> dict[Any, Seen]:
        spends = spent(rows)
        found = {}
        for row in rows:
            may = allowed[row.pk]
            status = {
                "userID": row.public_id,
                "userEmail": row.email if "email" in may else None,
                "userAlias": row.name or None if "name" in may else None,
                "userRole": row.platform_role if "platform_role" in may else None,
                "spend": dollars(spends.get(row.pk, 0)) if "spend" in may else None,
                "budgetResetAt": stamp(resets_at(row)) if "max_budget" in may else None,
                "createdAt": stamp(row.created_at) if "created_at" in may else None,
                "updatedAt": stamp(row.updated_at) if "updated_at" in may else None,
            }
            found[row.pk] = Seen({"blocked": True} if row.blocked and "blocked_by" in may else {}, status)
        return found

    def readable_fields(self, allowed: frozenset[str]) -> set[str]:
        return super().readable_fields(allowed) | ({"blocked"} if "blocked_by" in allowed else set())

    def canonical(self, field: str, value: Any) -> Any:
        if field == "userRole" and value:
            return canonical_role("platform", value)
        return value.lower() if field == "userEmail" and value else value

    def resolve(self, actor: Actor, spec: Any, namespace: str) -> Refs:
        super().resolve(actor, spec, namespace)
        if spec.organizationRef is None:
            return {}
        return {
            "organization": references.find(actor, "Organization", spec.organizationRef, namespace, "organizationRef")
        }

    def create(self, actor: Actor, declared: Declared) -> User:
        spec = declared.spec
        if not spec.userEmail and not spec.userID:
            raise Invalid([Cause("spec.userEmail", "Required value", "FieldValueRequired")])
        values = self.column_values(declared.given)
        email, role = values.pop("email", None), values.pop("platform_role", None)
        homes = [home for home in (declared.refs.get("organization"),) if home is not None]
        user = services.create_user(
            actor, email=email, public_id=spec.userID, platform_role=role, organizations=homes, **values
        )
        if spec.autoCreateKey:
            self.create_key(actor, user, declared)
        return self.set_blocked(actor, user, spec.blocked)

    def create_key(self, actor: Actor, user: User, declared: Declared) -> None:
        """The first key of a new person, whose secret whoever made it can have."""
        spec, home = declared.spec, declared.refs.get("organization")
        values: dict[str, Any] = {"alias": spec.keyAlias or ""}
        if spec.duration is not None:
            values["expires_at"] = timezone.now() + parse_duration(spec.duration)
        key, secret = keys.generate_key(actor, owner=user, organization=home, **values)
        wanted = spec.keyAlias.removesuffix("-key") if spec.keyAlias else declared.name
        declared.status["keySecretRef"] = key_secrets.keep(actor, declared.namespace, wanted, key, secret)

    def set_blocked(self, actor: Actor, user: User, wanted: Any) -> User:
        if bool(wanted) == user.blocked:
            return user
        return (services.block_users if wanted else services.unblock_users)(actor, [user])[0]

    def update(self, actor: Actor, row: Any, changes: Values, declared: Declared) -> User:
        if "userID" in changes:
            raise self.cannot_change("userID")
        for field in ("userEmail", "userRole"):
            if field in changes and changes[field] is None:
                raise Invalid([Cause(f"spec.{field}", "cannot be taken away", "FieldValueInvalid")])
        columns = self.column_values(changes)
        row = services.update_user(actor, row, **columns) if columns else row
        return self.set_blocked(actor, row, changes["blocked"]) if "blocked" in changes else row

    def delete(self, actor: Actor, row: Any) -> None:
        services.delete_users(actor, [row])


USER = UserKind()
