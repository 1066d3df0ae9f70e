"""/v1/organization/projects/{project_id}/service_accounts: programs, and their keys. An account lives with its keys."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.utils import timezone
from pydantic import Field

from api.openai.administration.pages import ByLast, Page, by_last, stamp, stamp_or_none
from api.openai.administration.places import OfProject, project_of
from api.openai.administration.predefined import PROJECT, role_named
from api.openai.administration.route import DELETE, GET, POST, Context, Route
from api.openai.administration.scopes import actions_of
from api.types import Ident, Named, Names, Response, Text
from keys import service_accounts, services
from keys.models import Key
from rbacadmin.policy import Action
from rbacadmin.policy import Action as Do
from teams.models import User

YEARS = 10 * 366 * 86_400
Seconds = Annotated[int, Field(ge=1, le=YEARS, description="seconds that the key lives")]


class AccountPage(Page, OfProject):
    pass


class AccountNew(OfProject):
    name: Named
    create_service_account_only: bool | None = None
    expires_in_seconds: Seconds | None = None


class OfAccount(OfProject):
    service_account_id: Ident


class AccountUpdate(OfAccount):
    name: Named | None = None
    role: Text | None = None


class AccountKeyNew(OfAccount):
    name: Text | None = None
    scopes: Names | None = None
    expires_in_seconds: Seconds | None = None


class ServiceAccount(Response):
    id: str
    object: Literal["organization.project.service_account"] = "organization.project.service_account"
    name: str
    role: str = "member"
    created_at: int


class ServiceAccounts(ByLast):
    data: Sequence[ServiceAccount]


class AccountKey(Response):
    """`value` is shown once."""

    id: str
    object: Literal["organization.project.service_account.api_key"] = "organization.project.service_account.api_key"
    name: str
    value: str
    created_at: int
    expires_at: int | None = None


class ServiceAccountMade(ServiceAccount):
    api_key: AccountKey


class ServiceAccountDeleted(Response):
    id: str
    object: Literal["organization.project.service_account.deleted"] = "organization.project.service_account.deleted"
    deleted: bool = True


def facts(account: User) -> dict[str, Any]:
    return {"id": account.prefixed_id, "name": account.name, "created_at": stamp(account.created_at)}


def shown_key(key: Key, secret: str) -> AccountKey:
    ends = stamp_or_none(key.expires_at)
    return AccountKey(
        id=key.prefixed_id, name=key.label, value=secret, created_at=stamp(key.created_at), expires_at=ends
    )


def ends_in(seconds: int | None) -> dict[str, Any]:
    """The column of a key for its seconds to live."""
    return {} if seconds is None else {"expires_at": timezone.now() + timedelta(seconds=seconds)}


def list_page(context: Context, body: AccountPage) -> ServiceAccounts:
    """Newest first."""
    rows = service_accounts.accounts_in(context.actor, project_of(context, Action.VIEW_PROJECTS, body.project_id))
    if body.after:
        last = rows.filter(User.named(body.after)).first()
        if last is None:
            raise ValidationError({"after": f"'{body.after}' is no row of this list."})
        older = rows.filter(created_at__lt=last.created_at)
        rows = older | rows.filter(created_at=last.created_at, pk__lt=last.pk)
    found = list(rows.order_by("-created_at", "-pk")[: body.limit + 1])
    shown = [ServiceAccount(**facts(account)) for account in found[: body.limit]]
    return by_last(ServiceAccounts, shown, len(found) > body.limit)


def new(context: Context, body: AccountNew) -> ServiceAccountMade:
    if body.create_service_account_only:
        raise ValidationError({"create_service_account_only": "A service account lives with its keys: it gets one."})
    project = project_of(context, Action.CREATE_SERVICE_KEYS, body.project_id)
    key, secret = services.generate_service_key(
        context.actor, project=project, name=body.name, **ends_in(body.expires_in_seconds)
    )
    assert key.user is not None, "a service key has its account"
    return ServiceAccountMade(**facts(key.user), api_key=shown_key(key, secret))


def info(context: Context, body: OfAccount) -> ServiceAccount:
    project = project_of(context, Action.VIEW_PROJECTS, body.project_id)
    return ServiceAccount(
        **facts(service_accounts.account_of(context.actor, project, body.service_account_id, Action.VIEW_KEYS))
    )


def update(context: Context, body: AccountUpdate) -> ServiceAccount:
    """Rename it. Every service account is a member: it calls models, and manages nothing."""
    project = project_of(context, Action.VIEW_PROJECTS, body.project_id)
    account = service_accounts.account_of(context.actor, project, body.service_account_id, Action.UPDATE_KEYS)
    wanted = role_named(PROJECT, body.role)
    if wanted is not None and wanted.word != ServiceAccount.model_fields["role"].default:
        raise ValidationError({"role": "A service account is a member: it calls models, and manages nothing."})
    if body.name is not None:
        account = service_accounts.rename_service_account(context.actor, project, account=account, name=body.name)
    return ServiceAccount(**facts(account))


def delete(context: Context, body: OfAccount) -> ServiceAccountDeleted:
    project = project_of(context, Action.VIEW_PROJECTS, body.project_id)
    account = service_accounts.account_of(context.actor, project, body.service_account_id, Action.DELETE_KEYS)
    service_accounts.delete_service_account(context.actor, project, account=account)
    return ServiceAccountDeleted(id=account.prefixed_id)


def new_key(context: Context, body: AccountKeyNew) -> AccountKey:
    """One more key of the account."""
    project = project_of(context, Action.CREATE_SERVICE_KEYS, body.project_id)
    account = service_accounts.account_of(context.actor, project, body.service_account_id, Action.CREATE_SERVICE_KEYS)
    values = {**ends_in(body.expires_in_seconds), "actions": actions_of(body.scopes or [])}
    key, secret = service_accounts.add_service_key(
        context.actor, project, account=account, alias=body.name or "", **values
    )
    return shown_key(key, secret)


PATH = "/v1/organization/projects/{project_id}/service_accounts"
ONE = f"{PATH}/{{service_account_id}}"
# fmt: off
ROUTES: tuple[Route, ...] = (
    Route(PATH, GET, Do.LIST_KEYS, AccountPage, ServiceAccounts, list_page, "error", "The service accounts"),
    Route(PATH, POST, Do.CREATE_SERVICE_KEYS, AccountNew, ServiceAccountMade, new, "error",
          "Create a service account with its first key"),
    Route(ONE, GET, Do.VIEW_KEYS, OfAccount, ServiceAccount, info, "error", "A service account"),
    Route(ONE, POST, Do.UPDATE_KEYS, AccountUpdate, ServiceAccount, update, "error", "Rename a service account"),
    Route(ONE, DELETE, Do.DELETE_KEYS, OfAccount, ServiceAccountDeleted, delete, "error",
          "Delete a service account with its keys"),
    Route(f"{ONE}/api_keys", POST, Do.CREATE_SERVICE_KEYS, AccountKeyNew, AccountKey, new_key, "error",
          "One more key of a service account"),
)
# fmt: on
