"""The verbs of people: finding whom a caller names, creating and changing them."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from orgs.models import Organization
from rbacadmin import audit, policy
from rbacadmin.changes import check_limits
from rbacadmin.defaults import fill
from rbacadmin.errors import Duplicate, NotFound
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.actor import unexpired
from rbacadmin.service import service
from teams.models import Invitation, Membership, User
from teams.services.belonging import place
from teams.services.invitations import LIFE, places_of
from teams.services.roles import canonical_role


def named_person(actor: Actor, scope: Any, ident: str, email: str | None = None) -> User:
    """The person that an id (and an e-mail along with it) names. Raises ValidationError when they are two people."""
    address = clean_ident(email) if email else None
    user = person_to_add(actor, scope, clean_ident(ident), address)
    if address is not None and user.email != address:
        raise ValidationError({"member": "user_id and user_email name different people."})
    return user


def person_to_add(actor: Actor, scope: Any, ident: str, email: str | None) -> User:
    """The person that an id or e-mail names when somebody is added to a scope (rulebook 8).

    Platform admins may name anyone, known or not. Whoever may invite may name any e-mail; the answer is the same
    whether the address is known elsewhere or not. Everyone else names members of the organization.
    """
    known = User.objects.people().filter(User.named(ident)).first()
    if policy.can(actor, Action.CREATE_PLATFORM_PEOPLE):
        return known or make_person(actor, scope, ident, email)
    organization_id = getattr(scope, scope.scope_columns["organization"])
    if (
        known is not None
        and organization_id
        and Membership.objects.filter(unexpired(), user=known, organization_id=organization_id).exists()
    ):
        return known
    if not policy.can(actor, Action.INVITE_PEOPLE, scope):
        raise ValidationError(
            {"user_id": f"Only members of the organization can join this {scope.kind}; '{ident}' is none."}
        )
    if "@" in ident:
        return known or make_person(actor, scope, ident)
    raise NotFound("user", ident, action=Action.MANAGE_MEMBERS, obj=known)


def clean_ident(ident: str) -> str:
    """An e-mail case-folded and checked, any other id as it stands. Raises ValidationError."""
    text = ident.strip()
    if not text:
        raise ValidationError({"user_id": "Name a person by id or e-mail."})
    if "@" in text:
        text = text.lower()
        try:
            validate_email(text)
        except ValidationError as error:
            raise ValidationError({"user_id": f"'{ident}' is not an e-mail address."}) from error
    return text


def make_person(actor: Actor, scope: Any, ident: str, email: str | None = None) -> User:
    """A new internal user, known by id or e-mail, with an invitation to sign in when there is an address."""
    email = ident if "@" in ident else email
    if User.objects.filter(email=email).exclude(email=None).exists():
        raise ValidationError({"member": "user_id and user_email name different people."})
    user = User(
        public_id=ident, email=email, platform_role=usual_role(), created_by=actor.label, updated_by=actor.label
    )
    fill(user, settings.USER_DEFAULTS)
    save_person(actor, user, scope)
    return user


def save_person(actor: Actor, user: User, scope: Any = None) -> None:
    user.set_unusable_password()
    user.full_clean(exclude=["password"], validate_unique=False, validate_constraints=False)
    user.save()
    audit.record(actor, "user.created", user, scope=scope, email=user.email, platform_role=user.platform_role)
    if user.email:
        ends = timezone.now() + LIFE
        invitation = Invitation.objects.create(
            user=user, expires_at=ends, created_by=actor.label, **places_of(scope)
        )  # without a link: that comes when somebody asks for it, and is shown to them alone
        audit.record(actor, "invitation.created", invitation, user=user.public_id)


@service
def create_user(
    actor: Actor,
    *,
    email: str | None = None,
    public_id: str | None = None,
    platform_role: str | None = None,
    organizations: Iterable[Organization] = (),
    **values: Any,
) -> User:
    """A new person (USR-01 to USR-03). Org admins create people in their organizations, as internal users.

    `values` are limit columns and `name`. An id that is no address is chosen by platform admins only: it is unique
    everywhere, so that others would hear by it of people whom they cannot see, or bring them in. Raises
    PermissionDenied, Duplicate ("email" or "public_id"), ValidationError.
    """
    role = canonical_role("platform", platform_role or usual_role())
    homes = list(organizations)
    for organization in homes:
        policy.require(actor, Action.CREATE_PEOPLE, organization)
    names_id = bool(public_id) and "@" not in str(public_id)
    if not homes or not scoped_equivalent(role) or chosen(values) or names_id:
        policy.require(actor, Action.CREATE_PLATFORM_PEOPLE)
    user = draft(actor, email, public_id, role, values)
    if names_id and User.objects.filter(User.named(user.public_id)).exists():
        raise Duplicate("public_id", f"There is a user '{user.public_id}' already.")
    known = User.objects.filter(User.named(user.email)).first() if user.email else None
    if known is not None and (
        policy.can(actor, Action.CREATE_PLATFORM_PEOPLE) or policy.can(actor, Action.VIEW_PEOPLE, known)
    ):
        raise Duplicate("email", f"There is a user '{user.email}' already.")
    if known is not None:
        user = known  # somewhere else: answer as for a new address, and tell nothing (rulebook 8)
    else:
        fill(user, settings.USER_DEFAULTS)
        save_person(actor, user, homes[0] if homes else None)
    for organization in homes:
        latest = policy.until(actor, partial(policy.require, action=Action.CREATE_PEOPLE, obj=organization))
        place(actor, organization, user, "internal_user", {"expires_at": latest})
    return user


def usual_role() -> str:
    """The platform role of a new person for whom nobody chose one (rulebook 4, `default_internal_user_params`)."""
    defaults = settings.USER_DEFAULTS
    return (defaults.user_role if defaults is not None else None) or "internal_user"


def scoped_equivalent(role: str) -> bool:
    """Whether the platform role adds nothing to what an organization's own people are (rulebook 5)."""
    return not policy.ROLES["organization"].get(role, frozenset(Action)) - policy.ROLES["organization"]["internal_user"]


def chosen(values: dict[str, Any]) -> bool:
    """Whether personal limits are asked for, which only platform admins set (USR-09)."""
    return any(value not in (None, "", [], {}) for name, value in values.items() if name not in {"name"})


def draft(actor: Actor, email: str | None, public_id: str | None, role: str, values: dict[str, Any]) -> User:
    ident = clean_ident(email or public_id or "") if email or public_id else ""
    if email and "@" not in ident:
        raise ValidationError({"email": f"'{email}' is not an e-mail address."})
    wanted = clean_ident(public_id) if public_id else ident
    if email and public_id and "@" in wanted and wanted != ident:
        raise ValidationError({"user_id": "An id that is an e-mail must be the user's own e-mail."})
    address = ident if "@" in ident else wanted if "@" in wanted else None
    user = User(
        email=address, public_id=wanted, platform_role=role, created_by=actor.label, updated_by=actor.label, **values
    )
    check_limits(user, ())
    return user
