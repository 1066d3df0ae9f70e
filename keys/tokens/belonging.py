"""The teams and the organization that a token names, and whether its person belongs there."""

from keys.refused import TokenRefused
from keys.tokens.provisioning import made_team
from orgs.models import Organization
from rbacadmin.claims import Said
from rbacadmin.config_file.tokens import JwtAuth
from rbacadmin.models import fold
from rbacadmin.policy import Origin
from rbacadmin.policy.actor import unexpired
from teams.models import Membership, Team, User


def organization_of(found: Said) -> Organization | None:
    """The organization that the token names. Raises TokenRefused (403) for one that nobody knows."""
    if found.organization_id:
        named = Organization.objects.filter(Organization.named(found.organization_id)).first()
    elif found.organization_alias:
        named = Organization.objects.filter(alias_key=fold(found.organization_alias)).first()
    else:
        return None
    if named is None:
        raise TokenRefused("The token names no organization that is known here.", status=403)
    return named


def teams_of(
    found: Said, rules: JwtAuth, organization: Organization | None, origin: Origin, *, dry: bool
) -> list[Team]:
    """The teams that the token names, or its default. Raises TokenRefused (403) when it names none that is known."""
    asked = found.team_ids or ((rules.team_id_default,) if rules.team_id_default and not found.team_alias else ())
    teams = [team for ident in asked if (team := named_team(ident)) is not None]
    if found.team_alias and not found.team_ids:
        teams = aliased(found.team_alias, organization)
    missing = [ident for ident in found.team_ids if not any(ident in (team.public_id, str(team.pk)) for team in teams)]
    if missing and rules.team_id_upsert and not dry and not found.chooses_team:
        teams = [made_team(missing[0], found, organization, origin)]
    if (asked or found.team_alias) and not teams and not (dry and rules.team_id_upsert):
        raise TokenRefused("The token names no team that is known here.", status=403)
    if organization is not None and any(team.organization_id != organization.pk for team in teams):
        raise TokenRefused("The token names a team of another organization.", status=403)
    return teams


def named_team(ident: str) -> Team | None:
    return Team.objects.select_related("organization").filter(Team.named(ident)).first()


def aliased(alias: str, organization: Organization | None) -> list[Team]:
    """The one team of this name: in the organization, or on the whole platform when only one has it."""
    rows = Team.objects.select_related("organization").filter(alias_key=fold(alias))
    if organization is not None:
        rows = rows.filter(organization=organization)
    found = list(rows[:2])
    return found if len(found) == 1 else []


def team_of(teams: list[Team], found: Said) -> Team | None:
    """The team that binds without a choice."""
    return teams[0] if len(teams) == 1 else None


def require_membership(user: User, teams: list[Team], found: Said, organization: Organization | None) -> list[Team]:
    """The named teams that the person is in. A token gives nobody a membership. Raises TokenRefused (403)."""
    held = Membership.objects.filter(unexpired(), user=user)
    if organization is not None and not held.filter(organization=organization).exists():
        raise TokenRefused("The token's person is not in the organization that it names.", status=403)
    if not teams:
        return []
    groups = set(held.filter(team__in=teams).values_list("team_id", flat=True))
    own = [team for team in teams if team.pk in groups]
    if not own and (found.team_ids or found.team_alias):
        raise TokenRefused("The token's person is in no team that it names.", status=403)
    return own
