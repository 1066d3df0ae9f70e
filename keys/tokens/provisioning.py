"""What tokens may make where it is configured: people, teams, memberships. Through the services, on record.

The configuration acts with small rights of its own, never as a platform admin (an unknown team in a token must not be
made by somebody who may do everything).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError

from keys.refused import TokenRefused
from orgs.models import Organization
from rbacadmin.claims import Said
from rbacadmin.errors import Duplicate, Refused
from rbacadmin.policy import Action, Actor, Origin
from teams.models import Team, User
from teams.services.identities import apply_claims, create_person
from teams.services.teams import create_team
from teams.sso import Identity, vouched_for

MAKES_PEOPLE = frozenset({Action.CREATE_PLATFORM_PEOPLE, Action.CREATE_PEOPLE, Action.MANAGE_MEMBERS})
MAKES_TEAMS = frozenset({Action.CREATE_TEAMS})


def provisioner(origin: Origin, rights: frozenset[Action]) -> Actor:
    """The configuration at work, with these rights and no others."""
    return replace(Actor.master(origin), principal="jwt", label="token provisioning", actions_cap=rights)


def made_person(
    found: Said, organization: Organization | None, origin: Origin, *, issuer: str = "", subject: str = ""
) -> User:
    """The person of the token, as an internal user, known by the issuer's id of them where there is one.

    Raises TokenRefused when there can be none of that name.
    """
    email = found.email or (found.user_id if "@" in found.user_id else "")
    homes = [organization] if organization is not None else []
    try:
        return create_person(
            provisioner(origin, MAKES_PEOPLE),
            subject=subject,
            issuer=issuer,
            email=email or None,
            public_id=found.user_id if "@" not in found.user_id else None,
            organizations=homes,
        )
    except Duplicate:  # another request made them meanwhile
        person = User.objects.people().filter(User.named(found.user_id or email)).first()
        if person is None or not (person.sso_id is None or vouched_for(person, subject or found.user_id, issuer)):
            raise TokenRefused("The token's id and address are two people's.") from None
        return person
    except (Refused, ValidationError):
        raise TokenRefused("Nobody can be known by this token's id.") from None


def made_team(ident: str, found: Said, organization: Organization | None, origin: Origin) -> Team:
    """The team of the token. Raises TokenRefused when there can be none of that name."""
    try:
        return create_team(
            provisioner(origin, MAKES_TEAMS), organization, alias=found.team_alias or ident, public_id=ident
        )
    except Duplicate:
        team = Team.objects.select_related("organization").filter(Team.named(ident)).first()
        if team is None:
            raise TokenRefused("The token's team has the name of another one.", status=403) from None
        return team
    except (Refused, ValidationError):
        raise TokenRefused("There can be no team of the token's name.", status=403) from None


def synchronised(user: User, found: Said, claims: Mapping[str, Any], origin: Origin) -> User:
    """The person with the role and the teams that the claims bring, as single sign-on would give them."""
    apply_claims(origin, user, Identity(found.subject, found.email, claims=claims))
    user.refresh_from_db()
    return user
