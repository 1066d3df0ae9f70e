"""Files of manifests for tests, and what is on record."""

import json
from collections.abc import Callable
from typing import Any

from manifests.plan import Plan
from rbacadmin.models import AuditEvent, Change
from teams.models import Membership

Do = Callable[..., Plan]  # the fixture `do`

HEAD = "---\napiVersion: auth.litellm.ai/v1alpha1\nkind: "


def organization(name: str, **spec: Any) -> str:
    return manifest("Organization", name, organizationAlias=name, **spec)


def team(name: str, **spec: Any) -> str:
    return manifest("Team", name, teamAlias=name, **spec)


def user(name: str, **spec: Any) -> str:
    return manifest("User", name, userEmail=f"{name}@new.example", **spec)


def member(person: str, name: str, role: str = "member", **spec: Any) -> str:
    refs = {"teamRef": {"name": name}, "userRef": {"name": person}}
    return manifest("TeamMemberAssociation", f"{person}-{name}", **refs, role=role, **spec)


def manifest(kind: str, name: str, **spec: Any) -> str:
    return f"{HEAD}{kind}\nmetadata: {{name: {name}}}\nspec: {json.dumps(spec)}\n"


IN_NEW = {"organizationRef": {"name": "new"}}
WHOLE = organization("new", maxBudget="100") + team("ml", **IN_NEW, maxBudget="10") + user("zoe") + member("zoe", "ml")


def outcomes(plan: Plan) -> dict[str, str]:
    return {step.name: step.outcome for step in plan.changes}


def state() -> tuple[int, int, int]:
    return AuditEvent.objects.count(), Change.objects.count(), Membership.objects.count()
