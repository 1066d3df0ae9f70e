"""The verbs of models: the platform's by platform admins, a team's own (BYOK) by its admins (MOD-01, TEA-12)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection

from gateway import credentials
from gateway.models import CatalogModel, ModelAccessGroup
from gateway.params import addresses, check_addresses, check_foreign, merged, sane_price, split
from orgs.models import Organization, Project
from rbacadmin import audit, policy
from rbacadmin.errors import Conflict, Duplicate
from rbacadmin.model_names import RESERVED
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service
from teams.models import Team

CATALOG_LOCK = 7_221_001  # any number, as long as it is this one
COLUMNS = frozenset({"name", "params", "info", "input_price", "output_price", "tpm_limit", "rpm_limit"})


@service
def create_model(
    actor: Actor,
    *,
    name: str,
    team: Team | None = None,
    project: Project | None = None,
    organization: Organization | None = None,
    public_id: str | None = None,
    params: Mapping[str, Any] | None = None,
    groups: Iterable[str] = (),
    **values: Any,
) -> CatalogModel:
    """A new model: a team's own, or (platform admins only) a project's, an organization's or the platform's.

    `params` are LiteLLM's parameters of a call; what is not plain in them is encrypted. `groups` are access groups to
    put the model into. `values` are other columns. Raises PermissionDenied, Duplicate, ValidationError.
    """
    require_managing(actor, team)
    if not settings.STORE_MODEL_IN_DB:
        text = "store_model_in_db is false: models stand in the configuration file, and none is made at run time."
        raise ValidationError({"store_model_in_db": text})
    if public_id or groups:
        policy.require(actor, Action.MANAGE_MODELS)
    serialize()
    home = team or project
    model = CatalogModel(
        name=name,
        public_id=public_id or "",
        team=team,
        project=project,
        organization=home.organization if home is not None else organization,
        created_by=actor.label,
        updated_by=actor.label,
        **values,
    )
    require_free_name(model, name)
    if public_id and CatalogModel.objects.filter(CatalogModel.named(public_id)).exists():
        raise Duplicate("public_id", f"There is a model with the id '{public_id}' already.")
    put_params(actor, model, params or {})
    check(model)
    model.save()
    audit.record(actor, "model.created", model, name=name, params=model.params)
    for group in groups:
        join_group(actor, model, group)
    return model


@service
def update_model(actor: Actor, model: CatalogModel, **changes: Any) -> CatalogModel:
    """Change the columns given; in `params` and `info` what is left out is kept and null clears.

    Raises PermissionDenied, Conflict, Duplicate, ValidationError.
    """
    require_changing(actor, model)
    assert changes.keys() <= COLUMNS, changes.keys() - COLUMNS
    serialize()
    if "name" in changes and changes["name"] != model.name:
        require_ungrouped(model)
        require_free_name(model, changes["name"])
    before = {name: getattr(model, name) for name in changes}
    sealed = model.credential
    if "params" in changes:
        put_params(actor, model, changes.pop("params"))
    if "info" in changes:
        model.info = merged(model.info, changes.pop("info"))
    for column, value in changes.items():
        setattr(model, column, value)
    changed = {name: [old, getattr(model, name)] for name, old in before.items() if getattr(model, name) != old}
    if not changed and model.credential == sealed:
        return model
    check(model)
    model.updated_by = actor.label
    model.save()
    audit.record(actor, "model.updated", model, changed=changed, credential_replaced=model.credential != sealed)
    return model


@service
def delete_model(actor: Actor, model: CatalogModel) -> None:
    """Archive a model. Lists of models that name it stay as they are; an access group that has it is in the way."""
    require_changing(actor, model)
    serialize()
    require_ungrouped(model)
    columns = ("params", "info", "input_price", "output_price", "blocked", "created_at", "created_by")
    audit.archive(actor, model, name=model.name, snapshot={name: getattr(model, name) for name in columns})
    audit.record(actor, "model.deleted", model, name=model.name)
    model.delete()


@service
def block_model(actor: Actor, model: CatalogModel) -> CatalogModel:
    """Stop all calls of the model, for everybody."""
    return set_blocked(actor, model, True)


@service
def unblock_model(actor: Actor, model: CatalogModel) -> CatalogModel:
    """Let the model be called again."""
    return set_blocked(actor, model, False)


def set_blocked(actor: Actor, model: CatalogModel, blocked: bool) -> CatalogModel:
    require_changing(actor, model)
    if model.blocked != blocked:
        model.blocked, model.updated_by = blocked, actor.label
        model.save()
        audit.record(actor, "model.blocked" if blocked else "model.unblocked", model)
    return model


def require_managing(actor: Actor, team: Team | None, obj: Any = None) -> None:
    """Raise PermissionDenied unless the actor may manage models of the team, or (None) the platform's and the rest."""
    policy.require(actor, managing(team), obj or team)


def managing(team: Team | None) -> Action:
    """The action that manages models of the team, or (None) the platform's and the rest."""
    return Action.ADD_TEAM_MODELS if team is not None else Action.MANAGE_MODELS


def require_changing(actor: Actor, model: CatalogModel) -> None:
    require_managing(actor, model.team, model)
    if model.source == "file":
        raise Conflict("This model stands in the configuration file: change it there.", code="from_file", obj=model)


def serialize() -> None:
    """One change of the catalog at a time: no constraint spans the names of models and of groups.

    SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CATALOG_LOCK])


def require_free_name(model: CatalogModel, name: str) -> None:
    """Raise unless the name is one that lists can hold, no group has it, and its owner no other model (rulebook 23)."""
    if not name.strip() or name != name.strip() or name in RESERVED:
        raise ValidationError({"name": "Must be a name, without spaces around it, that no list reads otherwise."})
    if "*" in name[:-1]:
        raise ValidationError({"name": "A '*' can only stand at the end."})
    if ModelAccessGroup.objects.filter(name__iexact=name).exists():
        raise Duplicate("name", f"There is an access group named '{name}' already.")
    owner = {column: getattr(model, column) for column in model.scope_columns.values()}
    if CatalogModel.objects.filter(name=name, **owner).exclude(pk=model.pk).exists():
        raise Duplicate("name", f"There is a model named '{name}' already.")


def require_ungrouped(model: CatalogModel) -> None:
    """Raise Conflict while an access group stands for the model; only the platform's own are in groups."""
    if model.organization_id or model.team_id or model.project_id:
        return
    groups = [group.name for group in ModelAccessGroup.objects.order_by("name") if model.name in group.models]
    if groups:
        raise Conflict(f"In use by the access groups: {', '.join(groups)}.", code="in_use", obj=model)


def put_params(actor: Actor, model: CatalogModel, params: Mapping[str, Any]) -> None:
    """Merge parameters into the model, plain ones to see and the rest encrypted.

    Who does not run the platform names public addresses only, and a new address takes the credential anew: the one
    that is stored was given for another.
    """
    plain, secret = split(params)
    check_addresses(plain)
    foreign = not policy.can(actor, Action.MANAGE_MODELS)
    stored = credentials.unseal(model.credential, model.pk) if secret else {}
    before = addresses({**model.params, **stored})
    model.params = merged(model.params, plain)
    kept = stored
    if foreign:
        check_foreign(params)
        moved = addresses({**model.params, **merged(stored, secret)}) != before
        if moved and model.credential and not secret.keys() - addresses(secret).keys():
            raise ValidationError({"api_base": "Send the credential along: what is stored was given for another."})
        kept = {} if moved else stored
    if secret:
        credential = merged(kept, secret)
        if credential != kept or not credentials.is_current(model.credential):
            model.credential = credentials.seal(credential, model.pk) if credential else None


def check(model: CatalogModel) -> None:
    model.full_clean(exclude=["team", "project", "organization"], validate_unique=False, validate_constraints=False)
    for column in ("input_price", "output_price"):
        try:
            sane_price(getattr(model, column))
        except ValidationError as error:
            raise ValidationError({column: error.messages}) from error


def join_group(actor: Actor, model: CatalogModel, name: str) -> None:
    """Put a model into an access group, which is made when there is none."""
    from gateway.access_groups import create_access_group, update_access_group

    group = ModelAccessGroup.objects.filter(name=name).first()
    if group is None:
        create_access_group(actor, name=name, models=[model.name])
    elif model.name not in group.models:
        update_access_group(actor, group, models=[*group.models, model.name])
