"""The verbs of access groups: names for several of the platform's models (rulebook 23, ACG-01 to ACG-03)."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from gateway.catalog import serialize
from gateway.models import PLATFORMS, CatalogModel, ModelAccessGroup
from gateway.uses import naming
from rbacadmin import audit, policy
from rbacadmin.errors import Conflict, Duplicate
from rbacadmin.model_names import RESERVED
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service

NAMED = 3  # how many users of a group a refusal names


@service
def create_access_group(actor: Actor, *, name: str, models: Sequence[str], description: str = "") -> ModelAccessGroup:
    """A new group of models that the platform has. Raises PermissionDenied, Duplicate, ValidationError."""
    policy.require(actor, Action.MANAGE_ACCESS_GROUPS)
    serialize()
    require_free_name(name)
    group = ModelAccessGroup(
        name=name, description=description, models=known(models), created_by=actor.label, updated_by=actor.label
    )
    group.full_clean(validate_unique=False, validate_constraints=False)
    group.save()
    audit.record(actor, "access_group.created", group, models=group.models)
    return group


@service
def update_access_group(
    actor: Actor, group: ModelAccessGroup, *, models: Sequence[str] | None = None, description: str | None = None
) -> ModelAccessGroup:
    """Change what a group stands for: at once, for everybody who has it. None keeps."""
    policy.require(actor, Action.MANAGE_ACCESS_GROUPS, group)
    serialize()
    before = {"models": group.models, "description": group.description}
    group.models = group.models if models is None else known(models)
    group.description = group.description if description is None else description
    changed = {name: [old, getattr(group, name)] for name, old in before.items() if getattr(group, name) != old}
    if changed:
        group.updated_by = actor.label
        group.full_clean(validate_unique=False, validate_constraints=False)
        group.save()
        audit.record(actor, "access_group.updated", group, changed=changed)
    return group


@service
def delete_access_group(actor: Actor, group: ModelAccessGroup) -> None:
    """Archive a group that nobody uses: any list that names it would stand for nothing at once."""
    policy.require(actor, Action.MANAGE_ACCESS_GROUPS, group)
    serialize()
    require_unused(actor, group)
    audit.archive(actor, group, name=group.name, snapshot={"models": group.models, "description": group.description})
    audit.record(actor, "access_group.deleted", group, models=group.models)
    group.delete()


def require_free_name(name: str) -> None:
    """Raise unless the name is one that lists and paths can hold and no group or model has (rulebook 23)."""
    if not name.strip() or name != name.strip() or name in RESERVED or "*" in name or "/" in name:
        raise ValidationError({"name": "Must be a name without '*', '/' and spaces around it."})
    if ModelAccessGroup.objects.filter(name__iexact=name).exists():
        raise Duplicate("name", f"There is an access group named '{name}' already.")
    if CatalogModel.objects.filter(name__iexact=name).exists():
        raise Duplicate("name", f"There is a model named '{name}' already.")


def stood_for(names: Sequence[str]) -> QuerySet[CatalogModel]:
    """The models that a group of these names stands for: only the platform's are in groups."""
    return CatalogModel.objects.filter(PLATFORMS, name__in=names)


def known(models: Sequence[str]) -> list[str]:
    """The names, each once, when the platform has all of them. Raises ValidationError."""
    if not models:
        raise ValidationError({"models": "Name at least one model."})
    wanted = list(dict.fromkeys(models))
    found = stood_for(wanted)
    missing = set(wanted) - set(found.values_list("name", flat=True))
    if missing:
        raise ValidationError({"models": f"The platform has no model named: {', '.join(sorted(missing))}."})
    if fixed := sorted(found.filter(source="file").values_list("name", flat=True)):
        text = "Access groups hold models of the database only; these stand in the configuration file and are read-only"
        raise ValidationError({"models": f"{text}: {', '.join(fixed)}."})
    return wanted


def require_unused(actor: Actor, group: ModelAccessGroup) -> None:
    """Raise Conflict while a list of models names the group. Counts every use, names those that the actor may see."""
    counts, shown = [], []
    for users in naming(group.name):
        if number := users.count():
            plural = users.model._meta.verbose_name_plural if number > 1 else users.model._meta.verbose_name
            counts.append(f"{number} {plural}")
            seen = policy.visible(actor, users.model.view_action, users).order_by("pk")  # type: ignore[attr-defined]
            shown += [str(getattr(row, "label", row)) for row in seen[:NAMED]]
    if counts:
        names = f" ({', '.join(shown[:NAMED])}{', ...' if len(shown) > NAMED else ''})" if shown else ""
        raise Conflict(f"In use by {', '.join(counts)}{names}.", code="in_use", obj=group)
