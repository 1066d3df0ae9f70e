"""What the member routes of organizations, projects and teams share."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from api.litellm.memberships.asks import Member, PersonNamed
from api.litellm.memberships.rows import member_rows
from api.litellm.translate import columns
from api.memberships import membership_of
from rbacadmin.errors import Duplicate
from rbacadmin.policy import Actor
from rbacadmin.service import service
from teams import services as teams
from teams.models import Membership


def named(member: PersonNamed) -> str:
    """The id or e-mail that a request names a person by. Raises ValidationError when there is none, or two."""
    ident = member.user_id or member.user_email
    if not ident:
        raise ValidationError({"member": "Name a person by user_id or user_email."})
    if (
        member.user_id
        and member.user_email
        and "@" in member.user_id
        and member.user_id.lower() != member.user_email.lower()
    ):
        raise ValidationError({"member": "user_id and user_email name different people."})
    return ident.lower() if "@" in ident else ident


@service
def add_members(actor: Actor, scope: Any, *, people: list[Member], **values: Any) -> dict[str, Membership]:
    """Add everybody: what they were called in the request -> their membership.

    In a list, people who are members already are passed over, unless all are (LiteLLM's rule: then Duplicate).
    """
    added: dict[str, Membership] = {}
    duplicate: Duplicate | None = None
    for member in people:
        ident = named(member)
        try:
            membership = teams.add_member(
                actor, scope, person=ident, role=member.role, email=member.user_email, **values
            )
        except Duplicate as error:
            duplicate = error
            continue
        added[ident] = membership
    if duplicate and not added:
        raise duplicate
    return added


def as_list(member: Member | list[Member]) -> list[Member]:
    return member if isinstance(member, list) else [member]


def echoed(actor: Actor, added: Mapping[str, Membership], people: Sequence[Member]) -> tuple[list[Any], list[Any]]:
    """Those added, called as the caller called them: an address known elsewhere looks like a new one (rulebook 8)."""
    addresses = {named(member): member.user_email for member in people}
    who = [{"user_id": ident, "user_email": (addresses[ident] or (ident if "@" in ident else None))} for ident in added]
    shown = member_rows(actor, list(added.values()))
    return who, [{**row, **person} for row, person in zip(shown, who, strict=True)]


def member_of(actor: Actor, scope: Any, body: PersonNamed) -> Membership:
    """The membership of the person named. Raises NotFound when they are no member that the actor can see."""
    ident = named(body)
    membership = membership_of(actor, scope, ident)
    if body.user_id and body.user_email and membership.user.email != body.user_email.lower():
        raise ValidationError({"member": "user_id and user_email name different people."})
    return membership


def changes_of(body: Any, names: dict[str, str]) -> dict[str, Any]:
    """The role, when one is given, and the limits that a request sets."""
    return {**columns(body, names), **({} if body.role is None else {"role": body.role})}
