"""The verbs of models: whose they are, what their parameters may be, and that a credential stays where it is."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings

from gateway import credentials
from gateway.access_groups import create_access_group
from gateway.catalog import block_model, create_model, delete_model, unblock_model, update_model
from gateway.models import CatalogModel, ModelAccessGroup
from rbacadmin import policy
from rbacadmin.errors import Conflict, Duplicate, PermissionDenied
from rbacadmin.models import Archived, AuditEvent
from rbacadmin.policy import Action
from tests.world import World

SECRET = "provider-secret-7f3a"
FOREIGN = "https://llm.example.com/v1"


def written() -> str:
    """Everything that the record and the archive hold."""
    events = [(event.event, event.object_label, event.details) for event in AuditEvent.objects.all()]
    return json.dumps([events, [row.snapshot for row in Archived.objects.all()]], default=str)


def own_model(cast: World, **values: Any) -> CatalogModel:
    params = {"model": "openai/llama", "api_base": FOREIGN, "api_key": SECRET}
    return create_model(cast.actor("team_admin"), name="own-llama", team=cast.team, params=params, **values)


def test_a_platform_model_is_made_by_platform_admins_only(cast: World) -> None:
    made = create_model(cast.actor("proxy_admin"), name="gpt-5", params={"model": "openai/gpt-5"}, input_price=7)
    assert (made.name, made.params, made.input_price, made.team) == ("gpt-5", {"model": "openai/gpt-5"}, 7, None)
    assert AuditEvent.objects.get(event="model.created").object_label == "gpt-5"
    for name in ("org_admin", "team_admin", "member", "project_owner", "auditor"):
        with pytest.raises(PermissionDenied):
            create_model(cast.actor(name), name="gpt-6")
    assert not CatalogModel.objects.filter(name="gpt-6").exists()
    assert AuditEvent.objects.filter(event="model.create", outcome="refused").count() == 5


@pytest.mark.parametrize("name", ["proxy_admin", "org_admin", "team_admin"])
def test_a_team_brings_its_own_model(cast: World, name: str) -> None:
    """TEA-12."""
    made = create_model(cast.actor(name), name="own", team=cast.team)
    assert (made.team, made.organization) == (cast.team, cast.organization)
    assert policy.can(cast.actor("member"), Action.VIEW_MODELS, made)
    assert not policy.can(cast.actor("outsider"), Action.VIEW_MODELS, made)
    assert not policy.can(cast.actor("stranger"), Action.VIEW_MODELS, made)


@pytest.mark.parametrize("name", ["member", "granted", "project_owner", "auditor", "stranger", "there_team_admin"])
def test_nobody_else_brings_a_model_into_a_team(cast: World, name: str) -> None:
    with pytest.raises(PermissionDenied):
        create_model(cast_actor(cast, name), name="own", team=cast.team)
    assert not CatalogModel.objects.filter(name="own").exists()


def cast_actor(cast: World, name: str) -> policy.Actor:
    if name.startswith("there_"):
        return policy.Actor.for_user(cast.there.people[name.removeprefix("there_")])
    return cast.actor(name)


def test_models_of_projects_and_organizations_are_the_platform_admins_business(cast: World) -> None:
    made = create_model(cast.actor("proxy_admin"), name="own", project=cast.project)
    assert (made.project, made.organization) == (cast.project, cast.organization)
    for where in ({"project": cast.project}, {"organization": cast.organization}):
        with pytest.raises(PermissionDenied):
            create_model(cast.actor("org_admin"), name="other", **where)


def test_a_name_is_unique_for_its_owner_and_no_groups_name(cast: World) -> None:
    """Rulebook 23."""
    admin = cast.actor("proxy_admin")
    create_model(admin, name="gpt-5")
    create_model(admin, name="gpt-5", team=cast.team)
    create_model(admin, name="gpt-5", team=cast.other_team)
    create_access_group(admin, name="quick", models=["gpt-5"])
    for name, team in (("gpt-5", None), ("gpt-5", cast.team), ("FAST", None), ("quick", cast.team)):
        with pytest.raises(Duplicate):
            create_model(admin, name=name, team=team)
    with pytest.raises(Duplicate):
        update_model(admin, create_model(admin, name="gpt-6"), name="gpt-5")


@pytest.mark.parametrize("name", ["", " ", " gpt", "a*b", "**", "no-default-models", "all-team-models", "x" * 256])
def test_a_name_that_lists_would_read_otherwise_is_refused(cast: World, name: str) -> None:
    with pytest.raises(ValidationError):
        create_model(cast.actor("proxy_admin"), name=name)


def test_only_platform_admins_choose_an_id(cast: World) -> None:
    """Ids are unique across organizations: telling that one is taken would tell of a model elsewhere."""
    create_model(cast.actor("proxy_admin"), name="one", public_id="my-id")
    with pytest.raises(Duplicate):
        create_model(cast.actor("proxy_admin"), name="two", public_id="my-id")
    with pytest.raises(PermissionDenied):
        create_model(cast.actor("team_admin"), name="three", public_id="other", team=cast.team)


def test_a_credential_is_encrypted_and_on_no_record(cast: World) -> None:
    model = own_model(cast)
    update_model(cast.actor("team_admin"), model, params={"api_key": f"{SECRET}-2"}, info={"mode": "chat"})
    model.refresh_from_db()
    assert model.params == {"model": "openai/llama", "api_base": FOREIGN}
    assert SECRET.encode() not in bytes(model.credential)
    assert credentials.unseal(model.credential, model.pk) == {"api_key": f"{SECRET}-2"}
    delete_model(cast.actor("team_admin"), model)
    assert SECRET not in written()


def test_what_is_not_known_to_be_plain_is_encrypted(cast: World) -> None:
    params = {"model": "x", "rpm": 5, "azure_ad_token": "t", "extra_headers": {"Authorization": "a"}, "new_thing": "n"}
    model = create_model(cast.actor("proxy_admin"), name="own", params=params)
    assert model.params == {"model": "x", "rpm": 5}
    assert set(credentials.unseal(model.credential, model.pk)) == {"azure_ad_token", "extra_headers", "new_thing"}


def test_a_credential_opens_for_its_model_only_and_survives_a_new_key(cast: World) -> None:
    model, other = own_model(cast), CatalogModel.objects.create(name="other")
    with pytest.raises(credentials.Unreadable):
        credentials.unseal(model.credential, other.pk)
    from django.conf import settings

    old = settings.CREDENTIAL_KEY
    with override_settings(CREDENTIAL_KEY="a new one", PREVIOUS_CREDENTIAL_KEYS=[old]):
        assert credentials.unseal(model.credential, model.pk) == {"api_key": SECRET}
        assert not credentials.is_current(model.credential)
        update_model(cast.actor("team_admin"), model, params={"api_key": SECRET})
    model.refresh_from_db()
    with override_settings(CREDENTIAL_KEY="a new one", PREVIOUS_CREDENTIAL_KEYS=[]):
        assert credentials.unseal(model.credential, model.pk) == {"api_key": SECRET}
    with pytest.raises(credentials.Unreadable):
        credentials.unseal(model.credential, model.pk)


@pytest.mark.parametrize(
    "params",
    [
        {"api_base": "http://llm.example.com"},
        {"api_base": "https://10.0.0.1"},
        {"base_url": "https://169.254.169.254"},
        {"aws_bedrock_runtime_endpoint": "https://localhost"},
        {"extra": {"url": "http://10.0.0.1/"}},
        {"api_base": ["https://llm.example.com"]},
        {"api_key": "os.environ/OPENAI_API_KEY"},
        {"extra_headers": {"X": "os.environ/DATABASE_URL"}},
        {"litellm_credential_name": "the platform's"},
        {"vertex_credentials": "/etc/passwd"},
        {"fallbacks": [{"model": "openai/x", "api_base": "localhost:4000"}]},
        {"fallbacks": [{"vertex_credentials": "/etc/passwd"}]},
        {"sagemaker_base_url": "10.0.0.1:8080"},
        {"extra_headers": {"Host": "metadata"}},
        {"aws_web_identity_token": "oidc/file/var/run/secrets/token"},
        {"aws_profile_name": "default"},
    ],
)
def test_a_team_uses_nothing_of_the_platforms_own(cast: World, params: dict[str, Any]) -> None:
    """Neither its network nor its environment, files or credentials."""
    with pytest.raises(ValidationError) as refused:
        create_model(cast.actor("team_admin"), name="own", team=cast.team, params=params)
    assert set(refused.value.message_dict) <= set(params)
    assert not CatalogModel.objects.filter(name="own").exists()


def test_a_platform_admin_may_name_an_address_inside(cast: World) -> None:
    params = {"api_base": "http://10.0.0.5:8000", "api_key": "os.environ/KEY"}
    assert create_model(cast.actor("proxy_admin"), name="own", team=cast.team, params=params).params == {
        "api_base": "http://10.0.0.5:8000"
    }
    with pytest.raises(ValidationError):  # addresses are shown
        create_model(cast.actor("proxy_admin"), name="x", params={"api_base": "http://me:secret@10.0.0.5"})


def test_a_stored_credential_goes_to_no_other_address(cast: World) -> None:
    model = own_model(cast)
    elsewhere = {"api_base": "https://thief.example.com"}
    for params in (elsewhere, {"api_base": None}, {"base_url": "https://thief.example.com"}):
        with pytest.raises(ValidationError):
            update_model(cast.actor("team_admin"), model, params=params)
    model.refresh_from_db()
    assert model.params["api_base"] == FOREIGN
    changed = update_model(cast.actor("team_admin"), model, params={**elsewhere, "aws_session_token": "new"})
    assert credentials.unseal(changed.credential, changed.pk) == {"aws_session_token": "new"}


def test_left_out_is_kept_and_null_clears(cast: World) -> None:
    model = own_model(cast, info={"mode": "chat", "note": "x"}, rpm_limit=5)
    changed = update_model(
        cast.actor("team_admin"), model, params={"api_key": None, "timeout": 3}, info={"note": None}, rpm_limit=None
    )
    assert changed.params == {"model": "openai/llama", "api_base": FOREIGN, "timeout": 3}
    assert (changed.credential, changed.info, changed.rpm_limit) == (None, {"mode": "chat"}, None)


def test_nothing_changed_is_nothing_recorded(cast: World) -> None:
    model = own_model(cast)
    update_model(cast.actor("team_admin"), model, name=model.name, params={"api_key": SECRET})
    assert not AuditEvent.objects.filter(event="model.updated").exists()


def test_who_may_not_change_a_model_changes_nothing(cast: World) -> None:
    model, platform = own_model(cast), CatalogModel.objects.create(name="gpt-5")
    for name, row in (("member", model), ("stranger", model), ("team_admin", platform), ("org_admin", platform)):
        actor = cast.actor(name)
        for verb in (update_model, delete_model, block_model, unblock_model):
            with pytest.raises(PermissionDenied):
                verb(actor, row)
    assert AuditEvent.objects.filter(outcome="refused", status=403).count() == 16


def test_a_model_is_blocked_and_unblocked_on_record(cast: World) -> None:
    model = own_model(cast)
    assert block_model(cast.actor("team_admin"), model).blocked
    assert not unblock_model(cast.actor("org_admin"), model).blocked
    assert AuditEvent.objects.filter(event__in=["model.blocked", "model.unblocked"]).count() == 2


def test_a_deleted_model_is_in_the_archive(cast: World) -> None:
    model = own_model(cast)
    delete_model(cast.actor("org_admin"), model)
    assert not CatalogModel.objects.filter(pk=model.pk).exists()
    kept = Archived.objects.get(object_id=str(model.pk))
    assert (kept.name, kept.team_id, kept.snapshot["params"]["model"]) == ("own-llama", cast.team.pk, "openai/llama")


def test_a_model_in_a_group_is_neither_deleted_nor_renamed(cast: World) -> None:
    admin = cast.actor("proxy_admin")
    model = create_model(admin, name="gpt-5", groups=["quick"])
    assert ModelAccessGroup.objects.get(name="quick").models == ["gpt-5"]
    create_model(admin, name="gpt-6", groups=["quick"])
    assert ModelAccessGroup.objects.get(name="quick").models == ["gpt-5", "gpt-6"]
    with pytest.raises(Conflict, match="quick"):
        delete_model(admin, model)
    with pytest.raises(Conflict):
        update_model(admin, model, name="gpt-7")


def test_a_model_of_the_configuration_file_is_changed_there(cast: World) -> None:
    model = CatalogModel.objects.create(name="gpt-5", source="file")
    with pytest.raises(Conflict):
        update_model(cast.actor("proxy_admin"), model, rpm_limit=1)


def test_a_stored_credential_follows_no_address_whatever_its_name(cast: World) -> None:
    """An endpoint stands with the credential, and would take the old one along."""
    model = own_model(cast)
    with pytest.raises(ValidationError):
        update_model(
            cast.actor("team_admin"), model, params={"aws_bedrock_runtime_endpoint": "https://thief.example.com"}
        )
    model.refresh_from_db()
    assert credentials.unseal(model.credential, model.pk) == {"api_key": SECRET}
    moved = {"aws_bedrock_runtime_endpoint": "https://new.example.com", "aws_secret_access_key": "new"}
    update_model(cast.actor("team_admin"), model, params=moved)
    model.refresh_from_db()
    assert credentials.unseal(model.credential, model.pk) == moved
