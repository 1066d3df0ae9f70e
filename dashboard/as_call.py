"""What a form would send, as a call of the management API: to be copied into a script. Nothing is written."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.forms import BaseForm

from rbacadmin import money
from rbacadmin.http import Request

MONEY = ("max_budget", "soft_budget")
SAME = (
    *("budget_duration", "rpm_limit", "tpm_limit", "max_parallel_requests", "models"),
    *("tags", "kubernetes_namespace", "assignments"),
)
NAMES = {"organization": "organization_alias", "team": "team_alias", "project": "title", "key": "key_alias"}


def asked(request: Request) -> bool:
    """Whether the form was sent to see the call, and not to do it."""
    return request.POST.get("as") == "curl"


def body(kind: str, columns: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """The columns under the API's names; `more` stands besides, where it is something."""
    found = {NAMES[kind] if name == "alias" else name: value for name, value in columns.items() if name in SAME}
    found |= {NAMES[kind]: columns["alias"]} if "alias" in columns else {}
    found |= {name: money.to_number(columns[name]) for name in MONEY if name in columns}
    return {**found, **{name: value for name, value in more.items() if value}}


def shown(request: Request, path: str, sent: Mapping[str, Any]) -> dict[str, Any]:
    """For the form's template: the call, and the command that makes it. The caller's key is a variable of the shell."""
    base = request.build_absolute_uri("/").rstrip("/")
    text = json.dumps(sent, indent=2, ensure_ascii=False)
    lines = [
        f"curl -X POST {shlex.quote(base + path)}",
        '-H "Authorization: Bearer $RBACADMIN_KEY"',
        "-H 'Content-Type: application/json'",
        f"-d {shlex.quote(text)}",
    ]
    return {"call": {"path": path, "body": dict(sent), "command": " \\\n  ".join(lines)}}


def making(request: Request, kind: str, form: Any, **more: Any) -> dict[str, Any]:
    """The call that makes what a valid form describes; nothing for another form, or when nobody asked."""
    if not asked(request) or not form.is_valid():
        return {"offers_call": True}
    return {"offers_call": True, **shown(request, f"/{kind}/new", body(kind, form.values(), **more))}


def changing(request: Request, kind: str, form: Any, row: Model) -> dict[str, Any]:
    """The call that makes the changes of a valid form."""
    if not asked(request) or not form.is_valid():
        return {"offers_call": True}
    named = {f"{kind}_id": row.public_id}  # type: ignore[attr-defined]
    return {"offers_call": True, **shown(request, f"/{kind}/update", {**named, **body(kind, form.changes())})}


def key(request: Request, form: Any) -> dict[str, Any]:
    """The call that makes a key, for oneself, somebody else or a service account."""
    if not asked(request) or not isinstance(form, BaseForm) or not form.is_valid():
        return {"offers_call": True}
    found, place = form.cleaned_data, form.place()  # type: ignore[attr-defined]
    whose, days = found["owner"], found["expires"]
    service = whose == "service"
    owner = {"me": getattr(request.actor.user, "public_id", ""), "person": found.get("person", "")}.get(whose, "")
    more = {f"{kind}_id": row.public_id for kind, row in place.items() if not (service and kind == "organization")}
    sent = body("key", form.values(), user_id=owner, duration=f"{days}d" if days else "", **more)  # type: ignore[attr-defined]
    path = "/key/service-account/generate" if service else "/key/generate"
    return {"offers_call": True, **shown(request, path, sent)}


def service_key(request: Request, form: Any, project: Model) -> dict[str, Any]:
    """The call that makes a service account in a project."""
    if not asked(request) or not form.is_valid():
        return {"offers_call": True}
    days = form.cleaned_data["expires"]
    place = {"project_id": project.public_id, "duration": f"{days}d" if days else ""}  # type: ignore[attr-defined]
    return {"offers_call": True, **shown(request, "/key/service-account/generate", body("key", form.values(), **place))}
