"""Projects as LiteLLM shows them, cut down to what the caller may read."""

from collections.abc import Sequence
from typing import Any

from api.litellm import translate
from api.litellm.shown import BLOCKED, RECORD, readable, shown, spends
from api.litellm.translate import limits_of, record_of
from orgs.models import Project
from rbacadmin import money
from rbacadmin.policy import Actor

PROJECTS = Project.objects.select_related("organization")


NAMES = {**translate.PROJECT, **RECORD, **BLOCKED, "project_alias": "alias"}
NAMES |= {name: name for name in ("organization_id", "is_default")}


def project_rows(actor: Actor, projects: Sequence[Project]) -> list[dict[str, Any]]:
    """Projects, cut down to what the caller may read. Needs the join of PROJECTS."""
    allowed, spent = readable(actor, projects), spends(projects)
    found = []
    for row in projects:
        whole = {
            "project_id": row.public_id,
            "title": row.alias,
            "project_alias": row.alias,
            "organization_id": row.organization.public_id,
            "kubernetes_namespace": row.kubernetes_namespace or None,
            "assignments": row.assignments,
            "is_default": row.is_default,
            **limits_of(row),
            "spend": money.to_number(spent.get(row.pk, 0)),
            "blocked": row.blocked,
            **record_of(row),
        }
        found.append(shown(whole, NAMES, allowed[row.pk]))
    return found
