"""Which models are usable and which access groups assigned: "own" in MOD-02, ACG-04 and ACG-05, as policy reads it.

Each says the same three ways: `owns` checks one row, `where` filters a list, `people` looks up who.
"""

from itertools import repeat
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q

from gateway.levels import Place, places, remembered
from gateway.models import PLATFORMS, CatalogModel, ModelAccessGroup
from gateway.uses import Asked
from orgs.models import Organization, Project
from rbacadmin.model_names import EVERYTHING, Groups, common, names_of
from rbacadmin.policy import Action, Actor, Ownership, own
from rbacadmin.policy.actor import unexpired
from rbacadmin.policy.ownership import always
from teams.models import Membership, Team, User

NOBODY = Q(pk__in=[])


def groups_now() -> Groups:
    """Every access group with its models. One query."""
    return dict(ModelAccessGroup.objects.values_list("name", "models"))


def groups_for(actor: Actor) -> Groups:
    found: Groups = remembered(actor, "access groups", lambda actors: repeat(groups_now(), len(actors)))
    return found


def above(model: CatalogModel) -> tuple[str, ...]:
    """The levels whose lists do not bind a model: an organization that brings its own need not list it."""
    return ("organization",) if model.organization_id else ()


def is_shared(model: CatalogModel) -> bool:
    """Of the platform or of a whole organization, so that it is seen by who may use it."""
    return model.team_id is None and model.project_id is None


def usable(actor: Actor, model: CatalogModel) -> bool:
    """Whether at one of the actor's places every list covers the model."""
    if not is_shared(model):
        return False
    return any(
        all(names_of(models, groups_for(actor)).meets(model.name) for models in place.lists(above(model)))
        for place in places(actor)
        if model.organization_id in (None, place.organization_id)
    )


def usable_where(actor: Actor) -> Q | None:
    found = places(actor)
    if not found:
        return None
    condition = NOBODY
    if any(is_open(actor, place) for place in found):
        condition |= PLATFORMS
    homes = {place.organization_id for place in found if place.organization_id}
    for pk in homes:
        if any(is_open(actor, place, ("organization",)) for place in found if place.organization_id == pk):
            condition |= Q(organization_id=pk, team=None, project=None)
    listed = CatalogModel.objects.filter(team=None, project=None).exclude(condition)
    ours = Q(organization=None) | Q(organization__in=homes)
    return condition | Q(pk__in=[row.pk for row in listed.filter(ours).only(*SHAPE) if usable(actor, row)])


SHAPE = ("pk", "name", "organization_id", "team_id", "project_id")


def is_open(actor: Actor, place: Place, without: tuple[str, ...] = ()) -> bool:
    """Whether nothing here restricts models."""
    return common(place.lists(without), groups_for(actor)) == EVERYTHING


def usable_people(model: CatalogModel) -> Q:
    if not is_shared(model):
        return NOBODY
    groups = groups_now()
    asked = Asked(lambda models: names_of(models, groups).meets(model.name))
    person, team, project = asked.of(User), asked.of(Team, "team__"), asked.of(Project, "project__")
    organization = Q() if model.organization_id else asked.of(Organization, "organization__")
    member = asked.of(Membership)
    here = organization & (Q(organization=model.organization_id) if model.organization_id else Q())
    in_team = in_scope(Q(team__isnull=False, project=None) & member & team & here)
    in_project = in_scope(Q(project__isnull=False) & project & here)
    in_organization = in_scope(Q(team=None, project=None) & here)
    return in_team | (person & (in_project | in_organization))


def in_scope(condition: Q) -> Q:
    """People with a live membership like this, as one EXISTS."""
    through = get_user_model().groups.through
    return Q(Exists(through._default_manager.filter(unexpired(), condition, user_id=OuterRef("pk"))))


def assigned(actor: Actor, group: ModelAccessGroup) -> bool:
    """Whether a level that binds the actor's calls names the group, or their own row does."""
    return group.name in assigned_names(actor)


def assigned_where(actor: Actor) -> Q | None:
    names = assigned_names(actor)
    return Q(name__in=names) if names else None


def assigned_names(actor: Actor) -> set[str]:
    """What the lists of the actor's levels name. A key assigns nothing: its maker would assign to themselves."""
    lists = [models for place in places(actor) for models in place.lists(("key",))]
    if actor.user is not None and actor.reach is None:
        lists.append(actor.user.models)
    return {name for models in lists for name in models or ()}


def assigned_people(group: ModelAccessGroup) -> Q:
    asked = Asked(lambda models: group.name in (models or ()))
    in_team = Q(team__isnull=False, project=None) & (asked.of(Membership) | asked.of(Team, "team__"))
    in_project = Q(project__isnull=False) & asked.of(Project, "project__")
    return asked.of(User) | in_scope(in_team | in_project | asked.of(Organization, "organization__"))


def register() -> None:
    """Tell the policy; called once, when the app is ready."""
    reads: dict[str, Any] = {"bundle": always(frozenset({Action.VIEW_MODELS})), "within_reach": True}
    own("gateway.CatalogModel", Ownership("usable", owns=usable, where=usable_where, people=usable_people, **reads))
    reads["bundle"] = always(frozenset({Action.VIEW_ACCESS_GROUPS}))
    own(
        "gateway.ModelAccessGroup",
        Ownership("assigned", owns=assigned, where=assigned_where, people=assigned_people, **reads),
    )
