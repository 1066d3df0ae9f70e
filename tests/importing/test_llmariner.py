"""`manage.py import_llmariner` against answers as LLMariner's user-manager gives them, and against our own dialect."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from keys.models import Key
from orgs.models import Organization, Project
from teams.models import Membership, User
from tests.commands.conftest import Company, company
from tests.importing.conftest import Bring
from tests.support.other_gateway import OtherGateway

__all__ = ("company",)

ORG, PROJECT = "org-Zb1Zz7Uo2mQk5cVd8nXh3tLw", "proj_Hq2RkVb8sYw4nTz6LcXm1dPf"
AT = f"/v1/organizations/{ORG}"


def api_key(ident: str, name: str, owner: str, machine: bool = False) -> dict[str, Any]:
    return {
        "id": ident,
        "object": "user.api_key",
        "name": name,
        "secret": "sk-ab*****yz",
        "created_at": "1735689600",
        "user": {"id": owner, "is_service_account": machine},
        "organization": {"id": ORG, "title": "Acme"},
        "project": {"id": PROJECT, "title": "Search"},
        "organization_role": "ORGANIZATION_ROLE_UNSPECIFIED",
        "project_role": "PROJECT_ROLE_UNSPECIFIED",
        "excluded_from_rate_limiting": machine,
    }


def as_llmariner(gateway: OtherGateway) -> None:
    """An LLMariner with one organization."""

    def member(user: str, role: str, **place: str) -> dict[str, Any]:
        return {"user_id": user, "internal_user_id": "", **place, "role": role}

    project = {
        "id": PROJECT,
        "title": "Search",
        "assignments": [
            {
                "cluster_id": "",
                "namespace": "search",
                "kueue_queue_name": "",
                "node_selector": [{"key": "gpu", "value": "a"}],
            },
            {"cluster_id": "c", "namespace": "", "kueue_queue_name": "", "node_selector": []},
        ],
        "kubernetes_namespace": "search",
        "organization_id": ORG,
        "created_at": "1735689600",
        "is_default": False,
    }
    gateway.answers |= {
        "/v1/organizations": {
            "organizations": [{"id": ORG, "title": "Acme", "created_at": "1735689600", "is_default": True}]
        },
        f"{AT}/users": {
            "users": [
                member("ann@acme.example", "ORGANIZATION_ROLE_OWNER"),
                member("bob@acme.example", "ORGANIZATION_ROLE_READER"),
                member("robot@acme.example", "ORGANIZATION_ROLE_TENANT_SYSTEM"),
                member("system:serviceaccount:ci", "ORGANIZATION_ROLE_READER"),
                member("defaultuser", "ORGANIZATION_ROLE_OWNER"),
            ]
        },
        f"{AT}/projects": {"projects": [project]},
        f"{AT}/projects/{PROJECT}/users": {"users": [member("bob@acme.example", "PROJECT_ROLE_MEMBER")]},
        f"{AT}/projects/{PROJECT}/api_keys": {
            "object": "list",
            "data": [
                api_key("key_1", "mine", "bob@acme.example"),
                api_key("key_2", "mine", "ann@acme.example"),
                api_key("key_3", "ci", "system:serviceaccount:ci", machine=True),
            ],
        },
    }


def test_everything_that_fits_comes(
    gateway: OtherGateway, empty: None, bring: Bring, events: Callable[[], int]
) -> None:
    as_llmariner(gateway)
    report = bring("import_llmariner")
    project = Project.objects.get(public_id=PROJECT)
    assert (project.alias, project.organization.public_id, project.kubernetes_namespace) == ("Search", ORG, "search")
    assert project.assignments == [{"namespace": "search", "node_selector": [{"key": "gpu", "value": "a"}]}]
    roles = {(row.user.email, row.scope.label): row.role for row in Membership.objects.all()}
    assert roles == {
        ("ann@acme.example", "Acme"): "org_admin",
        ("bob@acme.example", "Acme"): "internal_user",
        ("bob@acme.example", "Search"): "member",
    }
    keys = {key.public_id: key for key in Key.objects.select_related("user")}
    assert keys["imported-key_1"].user.email == "bob@acme.example"
    assert (keys["imported-key_2"].user, keys["imported-key_2"].alias[:6]) == (None, "mine (")
    assert (keys["imported-key_3"].kind, keys["imported-key_3"].excluded_from_rate_limiting) == ("service", True)
    assert set(report["secrets"].values()) == {"needs a new secret"}
    told = " ".join(one["text"] for one in report["remarks"])
    for words in ("LLMariner's own components", "no e-mail address", "without a namespace", "without an owner"):
        assert words in told
    before = events()
    assert "created" not in str(bring("import_llmariner", "--update")["counts"])
    assert events() == before


def test_our_own_dialect_is_read_too(company: Company, gateway: OtherGateway, bring: Bring, settings: Any) -> None:
    settings.MASTER_KEY = "sk-master-of-the-other-installation"

    def take(path: str) -> Any:
        answer = Client().get(path, headers={"Authorization": f"Bearer {settings.MASTER_KEY}"})
        assert answer.status_code == 200, answer.content
        gateway.answers[path] = answer.json()
        return gateway.answers[path]

    for organization in take("/v1/organizations")["organizations"]:
        at = f"/v1/organizations/{organization['id']}"
        take(f"{at}/users")
        for project in take(f"{at}/projects")["projects"]:
            take(f"{at}/projects/{project['id']}/users")
            take(f"{at}/projects/{project['id']}/api_keys")
    where = {row.label: row.role for row in Membership.objects.filter(team=None)}
    for model in (Key, Membership, Project, Organization, User):
        model._default_manager.all().delete()

    bring("import_llmariner")
    assert {row.label: row.role for row in Membership.objects.all()} == where
    assert bring("import_llmariner")["counts"]["organization"] == {"same": 2}
