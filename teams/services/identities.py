"""Single sign-on: who an identity is, and what its claims bring (stack.md: never a match by e-mail alone).

A person is known by the id that the provider gives them. It is set by an administrator, or at the first sign-in of
somebody who was invited, has never signed in, and whose address the provider has verified.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from rbacadmin import audit, runtime
from rbacadmin.errors import Duplicate, NotFound, Refused
from rbacadmin.policy import Actor, Origin
from rbacadmin.policy.actor import unexpired
from rbacadmin.service import service
from teams.models import Invitation, Membership, Team, User
from teams.services.accounts import update_user
from teams.services.belonging import is_member
from teams.services.invitations import has_signed_in
from teams.services.joining import JOINS_AS
from teams.services.members import add_member, remove_member
from teams.services.people import create_user
from teams.sso import Identity, Mapped, issuer_named, mapped, vouched_for

BY = "single sign-on"
LONGEST = 255


class UnknownIdentity(NotFound):
    """Nobody here is this person. One answer, whether the address is known or not."""

    def __init__(self) -> None:
        super().__init__("person", "")

    def __str__(self) -> str:
        return "Nobody here is known by this identity."


def platform(origin: Origin) -> Actor:
    """The configuration at work: what an administrator has mapped is done in nobody's name."""
    return replace(Actor.master(origin), principal="sso", label=BY)


def person_of(identity: Identity) -> User | None:
    """Whom the identity signs in at this moment, or None."""
    if not 0 < len(identity.subject) <= LONGEST or "\0" in identity.subject + identity.email:
        return None
    rows = User.objects.people().filter(sso_id=identity.subject)
    known = next((row for row in rows if vouched_for(row, identity.subject, identity.issuer)), None)
    if known is not None or not identity.email:
        return known
    person = User.objects.people().filter(email=identity.email, sso_id=None).first()
    return person if person is not None and awaits(person) else None


def awaits(person: User) -> bool:
    """Whether the person was invited and has never been here."""
    return person.is_active and not has_signed_in(person) and pending(person).exists()


def pending(person: User) -> QuerySet[Invitation]:
    return Invitation.objects.filter(user=person, accepted_at=None, expires_at__gt=timezone.now())


@service
def bind_identity(actor: Actor, person: User, *, identity: Identity) -> User:
    """Know the person by this identity from now on; their invitation is taken up. Raises UnknownIdentity."""
    if vouched_for(person, identity.subject, identity.issuer):
        return person
    if person_of(identity) != person:
        raise UnknownIdentity  # meanwhile they came by another door
    add_identity(actor, person, identity.subject, identity.issuer)
    for invitation in pending(person):
        invitation.accepted_at, invitation.updated_by = timezone.now(), actor.label
        invitation.save()
        audit.record(actor, "invitation.accepted", invitation, user=person.public_id)
    Invitation.objects.filter(user=person).update(digest=None)
    return person


@service
def create_person(actor: Actor, *, subject: str, issuer: str, **values: Any) -> User:
    """A new person, known by the issuer's id of them where `subject` says it. Raises what `create_user` does."""
    person = create_user(actor, **values)
    if subject:
        add_identity(actor, person, subject, issuer)
    return person


def add_identity(actor: Actor, person: User, subject: str, issuer: str) -> None:
    """Know a person who has no identity yet by this one, inside the transaction of a service."""
    person.sso_id, person.sso_issuer, person.updated_by = subject, issuer_named(issuer), actor.label
    person.save(update_fields=["sso_id", "sso_issuer", "updated_by", "updated_at"])
    audit.record(actor, "user.identity_added", person)


def apply_claims(origin: Origin, person: User, identity: Identity) -> list[Refused | ValidationError]:
    """Give the person what the configured mappings say. Returns what did not go.

    Each step is a service of its own, on record either way: a guard that holds (the last admin) keeps nobody out.
    """
    found = mapped(identity.claims, runtime.value("jwt"), team_claim())
    actor, refused = platform(origin), list[Refused | ValidationError]()
    for step in steps(actor, person, found):
        try:
            step()
        except Duplicate:
            continue  # two sign-ins at once: the other one did it
        except (Refused, ValidationError) as error:
            refused.append(error)
    return refused


def team_claim() -> dict[str, str] | None:
    """The claim that holds ids of teams, for sign-on and tokens alike; None when none does."""
    if settings.JWT_AUTH is not None and settings.JWT_AUTH.team_ids_jwt_field:
        return {"claim": settings.JWT_AUTH.team_ids_jwt_field}
    found: dict[str, str] | None = settings.SSO_TEAM_MAPPING
    return found


def steps(actor: Actor, person: User, found: Mapped) -> Iterable[Any]:
    """What has to be done; nothing where things are so already. Memberships that people gave are left alone."""
    if found.role is not None and found.role != person.platform_role:
        yield lambda: update_user(actor, person, platform_role=found.role)
    if found.teams is None:
        return
    named = teams_of(found.teams)
    for team in named:
        if not is_member(person, team):
            yield lambda team=team: add_member(actor, team, person=person.public_id, role=JOINS_AS)
    ours = Membership.objects.filter(unexpired(), user=person, team__isnull=False, created_by=BY)
    for membership in ours.exclude(team__in=named):
        yield lambda membership=membership: remove_member(actor, membership)


def teams_of(names: Iterable[str]) -> list[Team]:
    """The teams of these ids, each once. What names no team is passed over."""
    sound = [name for name in names if 0 < len(name) <= LONGEST and "\0" not in name]
    found = {team.pk: team for name in sound for team in Team.objects.filter(Team.named(name))}
    return list(found.values())
