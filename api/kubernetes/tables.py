"""What `kubectl get` prints: columns and cells made here, so that clients need not know our kinds."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from manifests.kinds.kind import Column

TABLE = "meta.k8s.io/v1"
NAME = Column("Name", ".metadata.name", "Name of the resource.")


def wants_table(accept: str) -> bool:
    """Whether the client can print a table: kubectl asks for one first, and for plain JSON last."""
    return any("as=Table" in part and "g=meta.k8s.io" in part for part in accept.split(","))


def table(columns: Sequence[Column], documents: Sequence[dict[str, Any]], *, version: str, include: str = "") -> Any:
    """A Table. `include` says how much of the objects goes along: Metadata (the default), Object or None."""
    now = timezone.now()
    rows = [
        {"cells": [cell(column, document, now) for column in (NAME, *columns)], "object": part_of(document, include)}
        for document in documents
    ]
    return {
        "kind": "Table",
        "apiVersion": TABLE,
        "metadata": {"resourceVersion": version},
        "columnDefinitions": [definition(column) for column in (NAME, *columns)],
        "rows": rows,
    }


def definition(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": column.type,
        "format": "name" if column is NAME else "",
        "description": column.description,
        "priority": column.priority,
    }


def part_of(document: dict[str, Any], include: str) -> dict[str, Any] | None:
    if include == "None":
        return None
    if include == "Object":
        return document
    return {"kind": "PartialObjectMetadata", "apiVersion": TABLE, "metadata": document["metadata"]}


def cell(column: Column, document: dict[str, Any], now: datetime) -> Any:
    """What stands in one place of the table."""
    value = at(column.path, document)
    if column.type == "date":
        return age(now - datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)) if value else "<unknown>"
    if column.type == "integer":
        return value
    return "" if value is None else ",".join(map(str, value)) if isinstance(value, list) else str(value)


def at(path: str, document: dict[str, Any]) -> Any:
    """The value at `.spec.role`; of `.conditions.Ready`, the condition's status."""
    found: Any = document
    if path.startswith(".conditions."):
        conditions = document.get("status", {}).get("conditions", [])
        return next((one["status"] for one in conditions if one["type"] == path.rsplit(".", 1)[1]), "")
    for part in path.split(".")[1:]:
        found = found.get(part) if isinstance(found, dict) else None
    return found


def age(span: timedelta) -> str:
    """A time span as kubectl prints it: two units while it is short."""
    seconds = max(0, int(span.total_seconds()))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if seconds < 120:
        return f"{seconds}s"
    if minutes < 10:
        return f"{minutes}m{seconds % 60}s" if seconds % 60 else f"{minutes}m"
    if minutes < 180:
        return f"{minutes}m"
    if hours < 8:
        return f"{hours}h{minutes % 60}m" if minutes % 60 else f"{hours}h"
    if hours < 48:
        return f"{hours}h"
    if days < 8:
        return f"{days}d{hours % 24}h" if hours % 24 else f"{days}d"
    if days < 730:
        return f"{days}d"
    return f"{days // 365}y{days % 365}d" if days % 365 else f"{days // 365}y"
