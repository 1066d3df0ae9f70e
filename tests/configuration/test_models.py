"""Models of the configuration file: made at the start, read-only everywhere, gone when they leave the file."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from gateway import credentials
from gateway.access_groups import create_access_group, update_access_group
from gateway.catalog import create_model, delete_model, update_model
from gateway.from_file import Done, at_start, configuration, synchronise_models
from gateway.models import CatalogModel
from rbacadmin.config_file.shapes import ModelEntry
from rbacadmin.errors import Conflict, PermissionDenied
from rbacadmin.models import Archived, AuditEvent
from tests.world import World

SECRET = "sk-provider-secret-1"


def entry(name: str = "file-model", **params: Any) -> ModelEntry:
    info = params.pop("info", {"input_cost_per_token": 0.000001})
    return ModelEntry(model_name=name, litellm_params={"model": "openai/x", **params}, model_info=info)


def synchronise(*entries: ModelEntry) -> Done:
    return synchronise_models(configuration(), entries=entries)


def test_the_same_file_twice_changes_nothing_the_second_time(cast: World) -> None:
    found = entry(api_key=SECRET, rpm=5)
    assert synchronise(found) == Done(1, 0, 0)
    row = CatalogModel.objects.get(name="file-model")
    assert (row.source, row.rpm_limit, row.input_price) == ("file", 5, 10**9)
    assert credentials.unseal(row.credential, row.pk) == {"api_key": SECRET}
    assert synchronise(found) == Done(0, 0, 0)
    assert AuditEvent.objects.filter(kind="catalogmodel").count() == 1
    assert SECRET not in str([event.details for event in AuditEvent.objects.all()])


def test_a_model_changes_with_the_file_and_leaves_with_it(cast: World) -> None:
    synchronise(entry(api_key=SECRET), entry("second"))
    pk = CatalogModel.objects.get(name="file-model").pk
    assert synchronise(entry(api_key="sk-another-secret", info={})) == Done(0, 1, 1)
    row = CatalogModel.objects.get(pk=pk)
    assert (row.input_price, credentials.unseal(row.credential, pk)) == (0, {"api_key": "sk-another-secret"})
    assert Archived.objects.get(kind="catalogmodel").name == "second"
    assert synchronise() == Done(0, 0, 1)
    assert synchronise(entry()) == Done(1, 0, 0)
    assert CatalogModel.objects.get(name="file-model").pk == pk


def test_a_name_that_the_database_has_stops_the_start(cast: World, settings: Any) -> None:
    settings.MODEL_LIST = [entry(), entry("gpt-4o")]
    with pytest.raises(SystemExit, match="gpt-4o: There is a model of this name in the database"):
        at_start()
    assert not CatalogModel.objects.filter(source="file").exists()
    with pytest.raises(ValidationError, match="access group"):
        synchronise(entry("fast"))


def test_a_model_of_the_file_is_read_only(cast: World, api: Callable[..., Any]) -> None:
    synchronise(entry())
    row, admin = CatalogModel.objects.get(name="file-model"), cast.actor("proxy_admin")
    with pytest.raises(Conflict, match="configuration file"):
        update_model(admin, row, rpm_limit=1)
    with pytest.raises(Conflict, match="configuration file"):
        delete_model(admin, row)
    answer = api("POST", "/model/delete", {"id": row.public_id}, as_="proxy_admin")
    assert (answer.status_code, "configuration file" in answer.text) == (409, True)


def test_an_access_group_refuses_it_and_says_why(cast: World, api: Callable[..., Any]) -> None:
    synchronise(entry())
    admin = cast.actor("proxy_admin")
    with pytest.raises(ValidationError, match="stand in the configuration file and are read-only: file-model"):
        create_access_group(admin, name="mixed", models=["gpt-4o", "file-model"])
    with pytest.raises(ValidationError, match="configuration file"):
        update_access_group(admin, cast.catalog["fast"], models=["file-model"])
    body = {"access_group": "mixed", "model_names": ["file-model"]}
    answer = api("POST", "/access_group/new", body, as_="proxy_admin")
    assert (answer.status_code, "configuration file" in answer.text) == (400, True)


def test_without_models_in_the_database_none_is_made(cast: World, settings: Any, api: Callable[..., Any]) -> None:
    settings.STORE_MODEL_IN_DB = False
    body = {"model_name": "x", "litellm_params": {"model": "openai/x"}}
    answer = api("POST", "/model/new", body, as_="proxy_admin")
    assert (answer.status_code, "store_model_in_db is false" in answer.text) == (400, True)
    assert api("POST", "/model/new", body, as_="member").status_code == 403
    with pytest.raises(ValidationError, match="store_model_in_db"):
        create_model(cast.actor("team_admin"), name="own", team=cast.team)
    assert synchronise(entry()) == Done(1, 0, 0)


def test_nobody_else_synchronises(cast: World) -> None:
    for name in ("auditor", "org_admin", "team_admin"):
        with pytest.raises(PermissionDenied):
            synchronise_models(cast.actor(name), entries=[])
