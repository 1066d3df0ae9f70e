"""What the laws are tried on: rows of every model that a decision can be about, and everybody who can ask."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db.models import Model
from django.utils import timezone

from gateway.models import Budget, CatalogModel, Customer, ModelAccessGroup, Usage
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action, Actor, grants
from rbacadmin.policy.actions import READS
from teams.models import Invitation, Membership, Team, User
from tests.factories import KeyFactory, TeamFactory, UserFactory, join
from tests.world import World

# Every model whose rows `find` can look up: those that say which action shows them.
SUBJECTS: list[type[Model]] = [model for model in apps.get_models() if hasattr(model, "view_action")]
KNOWN = {Organization, Project, Team, User, Membership, Key, Invitation, AuditEvent, CatalogModel, ModelAccessGroup}
KNOWN |= {Budget, Customer, Usage}


def furnish(cast: World) -> None:
    """Add rows of the models that the cast lacks, in every place where one can stand, and the odd cases."""
    soon, past = timezone.now() + timedelta(hours=1), timezone.now() - timedelta(hours=1)
    for side in (cast.here, cast.there):
        places: list[dict[str, Any]] = [
            {},
            {"organization": side.organization},
            {"organization": side.organization, "team": side.team},
            {"organization": side.organization, "project": side.project},
        ]
        for place in places:
            CatalogModel.objects.create(name="a model", **place)
            CatalogModel.objects.create(name="gpt-4o", **place)
            Invitation.objects.create(user=side.colleague, expires_at=soon, **place)
            ids = {f"{kind}_id": scope.pk for kind, scope in place.items()}
            AuditEvent.objects.create(event="x.y", principal="p", actor_label="p", door="test", **ids)
            for person in (None, side.member):
                Usage.objects.create(
                    request_id=uuid4().hex,
                    batch=uuid4(),
                    started_at=past,
                    ended_at=past,
                    model="gpt-4o",
                    user_id=person.pk if person else None,
                    **ids,
                )
            AuditEvent.objects.create(
                event="x.y", principal="p", actor_label="p", door="test", actor_user_id=side.member.pk, **ids
            )
            AuditEvent.objects.create(
                event="x.z",
                principal="p",
                actor_label="p",
                door="test",
                actor_user_id=side.colleague.pk,
                status=404,
                **ids,
            )
        # shared with another team by a grant, one that has not ended and one that has
        grants.set_for(side.project, side.other_team.group, [Action.VIEW_PROJECTS, Action.VIEW_KEYS], expires_at=soon)
        grants.set_for(side.other_project, side.other_team.group, [Action.VIEW_PROJECTS], expires_at=past)
        grants.set_for(side.organization, side.granted_team.group, [Action.VIEW_ORGANIZATIONS])
        # memberships that end, that have ended, and people who are out
        join(UserFactory(), side.team, "admin", expires_at=soon)
        join(UserFactory(), side.team, "admin", expires_at=past)
        join(UserFactory(blocked_by="platform"), side.team, "admin")
        join(UserFactory(blocked_by="platform"), side.organization, "org_admin")
        KeyFactory(user=side.member, team=side.team, project=side.project, organization=side.organization)
        KeyFactory(user=None, team=side.team, organization=side.organization)
        KeyFactory(user=None, organization=side.organization)
    # who stands in both organizations, and a team in none
    join(cast.there.member, cast.here.project, "owner")
    alone = TeamFactory(organization=None)
    join(cast.loner, alone, "admin")
    KeyFactory(user=cast.loner, team=alone)
    KeyFactory(user=None)
    # keys of somebody who has left: in a team, in a project, and next door
    for place in ({"team": cast.here.team}, {"project": cast.here.project}):
        KeyFactory(user=cast.loner, organization=cast.here.organization, **place)
    CatalogModel.objects.create(name="openai/*")
    for name, models in (("quick", ["gpt-4o"]), ("wide", ["openai/*"]), ("nobody's", ["gpt-4o"])):
        ModelAccessGroup.objects.create(name=name, models=models)
    for scope, names in ((cast.here.team, ["quick"]), (cast.here.other_project, ["wide"])):
        type(scope).objects.filter(pk=scope.pk).update(models=names)
    User.objects.filter(pk=cast.loner.pk).update(models=["openai/gpt-5"])
    cast.here.member.memberships.filter(team=cast.here.team).update(models=["no-default-models"])


def people(cast: World) -> dict[str, User]:
    """Everybody of the cast, of both sides."""
    there = {f"there_{name}": user for name, user in cast.there.people.items()}
    return {**cast.people, **cast.here.people, **there}


def actors(cast: World) -> dict[str, Actor]:
    """Everybody as if signed in, a key of every kind, tokens, the master key, and nobody."""
    found = {name: Actor.for_user(user) for name, user in people(cast).items()}
    here, admin = cast.here, cast.here.org_admin
    join(admin, here.team, "user")

    def key(**values: Any) -> Actor:
        return Actor.for_key(KeyFactory(**values))

    in_team: dict[str, Any] = {"team": here.team, "organization": here.organization}
    in_project: dict[str, Any] = {"project": here.project, "organization": here.organization}
    found |= {
        "key of a member in the team": key(user=here.member, **in_team),
        "key of the org admin in the team": key(user=admin, **in_team),
        "key of the org admin, carried": key(user=admin, organization=here.organization),
        "key of the org admin, bound to nothing": key(user=admin),
        "key of the project owner in the project": key(user=here.project_owner, **in_project),
        "key in team and project": key(user=here.member, **in_team, project=here.project),
        "key of the proxy admin in the team": key(user=cast.proxy_admin, **in_team),
        "key of the auditor, bound to nothing": key(user=cast.auditor),
        "key of the member, carried next door": key(user=cast.there.member, organization=here.organization),
        "key that only views keys": key(user=here.team_admin, actions=["view_keys", "list_keys"], **in_team),
        "expired key": key(user=admin, expires_at=timezone.now() - timedelta(seconds=1)),
        "blocked key": key(user=admin, blocked_by="owner"),
        "service key of the team": Actor.for_key(here.keys["team_service"]),
        "service key of the project": Actor.for_key(here.keys["project_service"]),
        "key without an owner in the team": key(user=None, **in_team),
        "key without an owner, carried": key(user=None, organization=here.organization),
        "key without owner and place": key(user=None),
        "gateway key": key(user=None, kind="gateway"),
        "team token": Actor.for_claims("team", team_id=here.team.pk),
        "customer token": Actor.for_claims("customer"),
        "token of a person": Actor.for_claims("internal_user", user=here.team_admin),
        "master": Actor.master(),
        "nobody": Actor.nobody(),
        "proxy admin who previews reads": replace(found["proxy_admin"], actions_cap=READS),
    }
    return found
