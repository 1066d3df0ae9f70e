"""OpenAI's own client is the contract: every method of its administration part works, strictly read, or is a 501."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

from tests.support.admin_methods import methods, needed
from tests.support.server import ROOT, Server

EXTERNAL_KEY = {"type": "aws", "name": "x", "external_id": "x", "kms_arn": "x", "role_arn": "x"}
CALLED = re.compile(r"asked\(\s*\"([a-z_.]+)\"")
LISTED = re.compile(r"^- `([a-z_.]+)`", re.MULTILINE)


def not_offered() -> set[str]:
    """The methods that the documentation lists as not offered."""
    page = (Path(ROOT) / "docs" / "openai-administration.md").read_text()
    return set(LISTED.findall(page.split("## Not offered")[1]))


class Asked:
    """The client's methods by name."""

    def __init__(self, client: openai.OpenAI) -> None:
        self.methods = methods(client)

    def __call__(self, method: str, /, *arguments: Any, **named: Any) -> Any:
        return self.methods[method](*arguments, **named)


def client(server: Server, key: str) -> openai.OpenAI:
    return openai.OpenAI(
        base_url=f"{server.url}/v1",
        api_key=key,
        admin_api_key=key,
        max_retries=0,
        _strict_response_validation=True,
    )


@pytest.fixture(scope="module")
def asked(server: Server) -> Iterator[Asked]:
    """The client of an organization's owner, with a model to limit."""
    _, made = server.ask("POST", "/organization/new", {"organization_alias": "contract"})
    home = made["organization_id"]
    owner = {"role": "org_admin", "user_id": "owner@contract.example.com"}
    server.ask("POST", "/organization/member_add", {"organization_id": home, "member": owner})
    _, key = server.ask("POST", "/key/generate", {"user_id": owner["user_id"], "organization_id": home})
    server.ask("POST", "/model/new", {"model_name": "contract-model", "litellm_params": {"model": "openai/gpt-4o"}})
    with client(server, key["key"]) as found:
        yield Asked(found)


def test_projects(asked: Asked) -> None:
    names = ["one", "two", "three"]
    made = [asked("projects.create", name=name) for name in names]
    assert [row.name for row in asked("projects.list", limit=1)] == names[::-1]  # page after page
    assert asked("projects.update", made[0].id, name="uno").name == "uno"
    ended = asked("projects.archive", made[0].id)
    assert (ended.status, ended.created_at) == ("archived", made[0].created_at)
    assert asked("projects.retrieve", made[0].id) == ended
    assert [row.name for row in asked("projects.list")] == names[:0:-1]
    with_archived = asked("projects.list", include_archived=True, limit=1)
    assert [row.name for row in with_archived] == [*names[:0:-1], "uno"]
    with pytest.raises(openai.ConflictError):
        asked("projects.create", name="TWO")
    with pytest.raises(openai.BadRequestError):
        asked("projects.create", name="far", residency="EU_STORAGE_PROCESSING")


def test_people(asked: Asked) -> None:
    project = asked("projects.create", name="people").id
    invite = asked(
        "invites.create", email="ann@contract.example.com", role="reader", projects=[{"id": project, "role": "member"}]
    )
    assert (invite.status, invite.projects[0].role) == ("pending", "member")
    assert asked("invites.retrieve", invite.id) == invite
    assert invite in list(asked("invites.list"))
    assert asked("invites.delete", invite.id).deleted
    ann = next(iter(asked("users.list", emails=["ann@contract.example.com"])))
    assert [held.id for held in ann.projects.data] == [project]
    assert asked("users.retrieve", ann.id) == ann
    assert asked("users.update", ann.id, role="owner").role == "owner"
    assert asked("users.roles.create", ann.id, role_id="role-api-organization-reader").user.role == "reader"
    assert [held.name for held in asked("users.roles.list", ann.id)] == ["reader"]
    reader = asked("users.roles.retrieve", "role-api-organization-reader", user_id=ann.id)
    assert reader.assignment_sources[0].principal_id == ann.id
    assert asked("users.roles.delete", reader.id, user_id=ann.id).deleted

    here: dict[str, Any] = {"project_id": project}
    assert asked("projects.users.retrieve", ann.id, **here).role == "member"
    assert asked("projects.users.update", ann.id, role="owner", **here).role == "owner"
    assert [row.id for row in asked("projects.users.list", project)] == [ann.id]
    bob = asked("projects.users.create", project, email="bob@contract.example.com", role="member")
    assert bob.email == "bob@contract.example.com"
    given = asked("projects.users.roles.create", bob.id, role_id="role-api-project-owner", **here)
    assert given.role.name == "owner"
    assert [held.name for held in asked("projects.users.roles.list", bob.id, **here)] == ["owner"]
    asked("projects.users.roles.retrieve", given.role.id, user_id=bob.id, **here)
    assert asked("projects.users.roles.delete", given.role.id, user_id=bob.id, **here).deleted
    assert asked("projects.users.retrieve", bob.id, **here).role == "member"
    assert asked("projects.users.delete", bob.id, **here).deleted
    assert asked("users.delete", ann.id).deleted
    with pytest.raises(openai.NotFoundError):
        asked("users.retrieve", ann.id)


def test_roles(asked: Asked) -> None:
    project = asked("projects.create", name="roles").id
    assert [role.name for role in asked("roles.list", limit=1)] == ["owner", "reader"]
    assert asked("roles.retrieve", "role-api-organization-owner").predefined_role
    assert [role.name for role in asked("projects.roles.list", project)] == ["owner", "member"]
    assert "create_keys" in asked("projects.roles.retrieve", "role-api-project-member", project_id=project).permissions


def test_keys(asked: Asked, server: Server) -> None:
    project = asked("projects.create", name="keys").id
    here: dict[str, Any] = {"project_id": project}
    robot = asked("projects.service_accounts.create", project, name="robot", expires_in_seconds=3600)
    with client(server, robot.api_key.value) as program:
        assert "contract-model" in [model.id for model in program.models.list()]
    assert asked("projects.service_accounts.update", robot.id, name="android", **here).name == "android"
    assert [row.name for row in asked("projects.service_accounts.list", project)] == ["android"]
    second = asked("projects.service_accounts.api_keys.create", robot.id, name="second", **here)
    assert [row.id for row in asked("projects.api_keys.list", project, limit=1)] == [second.id, robot.api_key.id]
    key = asked("projects.api_keys.retrieve", second.id, **here)
    assert (key.owner.service_account.name, key.owner_project_access) == ("android", "active")
    assert asked("projects.api_keys.update", second.id, expires_in_seconds=60, **here).expires_at
    assert asked("projects.api_keys.delete", second.id, **here).deleted
    assert asked("projects.service_accounts.retrieve", robot.id, **here).role == "member"
    assert asked("projects.service_accounts.delete", robot.id, **here).deleted
    assert list(asked("projects.service_accounts.list", project)) == []

    made = asked("admin_api_keys.create", name="terraform")
    with client(server, made.value) as program:
        assert list(program.models.list()) == []
        assert program.admin.organization.projects.service_accounts.create(project, name="made by it").api_key
    assert asked("admin_api_keys.retrieve", made.id).redacted_value.endswith(made.value[-4:])
    assert made.id in [row.id for row in asked("admin_api_keys.list", limit=1)]
    assert asked("admin_api_keys.delete", made.id).deleted
    with client(server, made.value) as program, pytest.raises(openai.AuthenticationError):
        program.admin.organization.projects.list()


def test_limits_and_models(asked: Asked) -> None:
    project = asked("projects.create", name="limits").id
    limit = asked(
        "projects.rate_limits.update_rate_limit", "rl-contract-model", project_id=project, max_requests_per_1_minute=7
    )
    assert limit.max_requests_per_1_minute == 7
    assert limit in list(asked("projects.rate_limits.list_rate_limits", project))
    with pytest.raises(openai.BadRequestError):
        asked("projects.rate_limits.update_rate_limit", limit.id, project_id=project, max_images_per_1_minute=1)
    assert asked("projects.model_permissions.retrieve", project).mode == "deny_list"
    only = asked("projects.model_permissions.update", project, mode="allow_list", model_ids=["contract-model"])
    assert only.api_model_ids == ["contract-model"]
    none = asked("projects.model_permissions.update", project, mode="allow_list", model_ids=[])
    assert (none.mode, none.api_model_ids) == ("allow_list", [])
    left = asked("projects.model_permissions.update", project, mode="deny_list", model_ids=["contract-model"])
    assert left.mode == "allow_list"
    assert "contract-model" not in left.api_model_ids
    assert asked("projects.model_permissions.delete", project).deleted


def test_groups(asked: Asked) -> None:
    group = asked("groups.create", name="crew").id
    assert asked("groups.update", group, name="gang").name == "gang"
    assert asked("groups.retrieve", group) in list(asked("groups.list", limit=1))
    user = asked("groups.users.create", group, user_id="eve@contract.example.com").user_id
    assert [row.id for row in asked("groups.users.list", group)] == [user]
    assert asked("groups.users.retrieve", user, group_id=group).user_type == "user"
    assert asked("groups.users.delete", user, group_id=group).deleted
    assert asked("groups.delete", group).deleted


def test_groups_in_projects_and_their_roles(asked: Asked) -> None:
    project, group = asked("projects.create", name="shared").id, asked("groups.create", name="borrowers").id
    here: dict[str, Any] = {"project_id": project}
    row = asked("projects.groups.create", project, group_id=group, role="role-api-project-member")
    assert (row.group_id, row.group_name, row.project_id) == (group, "borrowers", project)
    other = asked("groups.create", name="lenders").id
    asked("projects.groups.create", project, group_id=other, role="owner")
    assert [one.group_id for one in asked("projects.groups.list", project, limit=1)] == [group, other]
    assert asked("projects.groups.retrieve", group, group_type="group", **here) == row
    (held,) = asked("projects.groups.roles.list", group, **here)
    assert (held.name, held.assignment_sources[0].principal_id) == ("member", group)
    given = asked("projects.groups.roles.create", group, role_id="role-api-project-owner", **here)
    assert (given.role.name, given.group.name) == ("owner", "borrowers")
    fay = asked("groups.users.create", group, user_id="fay@contract.example.com").user_id
    (through,) = asked("projects.users.roles.list", fay, **here)
    assert (through.name, through.assignment_sources[0].principal_id) == ("owner", group)
    asked("projects.users.create", project, user_id=fay, role="owner")
    assert [
        one.principal_type for one in asked("projects.users.roles.list", fay, **here).data[0].assignment_sources
    ] == [
        "user",
        "group",
    ]
    assert asked("projects.groups.roles.retrieve", given.role.id, group_id=group, **here).created_by
    assert asked("projects.groups.roles.delete", given.role.id, group_id=group, **here).deleted
    with pytest.raises(openai.NotFoundError):
        asked("projects.groups.retrieve", group, **here)
    assert asked("projects.groups.delete", other, **here).deleted
    assert list(asked("projects.groups.list", project)) == []
    first = next(iter(asked("audit_logs.list", limit=1, event_types=["role.assignment.deleted"])))
    assert (first.role_assignment_deleted.resource_type, first.project.id) == ("api.project", project)

    reader, owner = "role-api-organization-reader", "role-api-organization-owner"
    assert asked("groups.roles.create", group, role_id=reader).role.name == "reader"
    assert [one.name for one in asked("groups.roles.list", group)] == ["reader"]
    asked("groups.roles.create", group, role_id=owner)
    assert asked("groups.roles.retrieve", owner, group_id=group).name == "owner"
    assert asked("groups.roles.delete", owner, group_id=group).deleted
    assert list(asked("groups.roles.list", group)) == []
    with pytest.raises(openai.BadRequestError):
        asked("groups.roles.create", group, role_id="role-of-our-own")


def test_the_record(asked: Asked) -> None:
    project = asked("projects.create", name="on record").id
    first = next(iter(asked("audit_logs.list", limit=1, project_ids=[project])))
    assert (first.type, first.project.id, first.project_created.id) == ("project.created", project, project)
    assert first.actor.type == "api_key"
    since: dict[str, Any] = {"effective_at": {"gte": first.effective_at}, "event_types": ["project.created"]}
    assert first in list(asked("audit_logs.list", limit=1, **since))
    assert list(asked("audit_logs.list", resource_ids=[project], actor_emails=["nobody@example.com"])) == []


def test_usage_and_costs(asked: Asked, server: Server) -> None:
    project = asked("projects.create", name="usage").id
    robot = asked("projects.service_accounts.create", project, name="caller").api_key
    now = int(time.time())
    event = {"request_id": f"contract-{now}", "key": robot.id, "model": "contract-model", "prompt_tokens": 7}
    _, minted = server.ask("POST", "/key/generate", {"key_type": "gateway"})
    events = [{**event, "completion_tokens": 3, "cost": 0.5}]
    _, booked = server.ask("POST", "/gateway/usage", {"events": events}, key=minted["key"])
    assert booked["recorded"] == 1, booked
    asking: dict[str, Any] = {"start_time": now - 86_400, "project_ids": [project], "bucket_width": "1d"}
    first = asked("usage.completions", limit=1, **asking)
    assert (first.has_more, len(first.data)) == (True, 1)
    found = asked("usage.completions", page=first.next_page, group_by=["project_id", "api_key_id", "model"], **asking)
    (line,) = [line for bucket in [*first.data, *found.data] for line in bucket.results]
    assert (line.input_tokens, line.output_tokens, line.num_model_requests) == (7, 3, 1)
    assert (line.project_id, line.api_key_id, line.model) == (project, robot.id, "contract-model")
    costs = [line for bucket in asked("usage.costs", group_by=["line_item"], **asking).data for line in bucket.results]
    assert [(line.amount.value, line.line_item) for line in costs] == [(0.5, "contract-model")]
    assert not any(bucket.results for bucket in asked("usage.embeddings", **asking).data)
    asked("usage.audio_speeches", start_time=now)
    asked("usage.audio_transcriptions", start_time=now)
    asked("usage.code_interpreter_sessions", start_time=now)
    asked("usage.decisions", start_time=now)
    asked("usage.file_search_calls", start_time=now)
    asked("usage.images", start_time=now)
    asked("usage.moderations", start_time=now)
    asked("usage.vector_stores", start_time=now)
    asked("usage.web_search_calls", start_time=now)


def test_every_other_method_is_a_501_that_is_not_repeated(asked: Asked) -> None:
    unknown = []
    for name in sorted(not_offered()):
        given = EXTERNAL_KEY if name == "external_keys.create" else needed(asked.methods[name])
        try:
            asked(name, **given)
        except openai.InternalServerError as error:
            if error.status_code == 501 and error.response.headers["x-should-retry"] == "false":
                continue
        unknown.append(name)
    assert not unknown


def test_every_method_of_the_client_has_its_place(asked: Asked) -> None:
    """A newer client brings new methods: each is called above, or is listed in docs/openai-administration.md."""
    called = set(CALLED.findall(Path(__file__).read_text()))
    assert not called & not_offered()
    assert called | not_offered() == set(asked.methods)
