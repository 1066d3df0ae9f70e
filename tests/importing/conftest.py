"""An empty installation beside another gateway, and the commands that read it."""

import json
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from rbacadmin.models import AuditEvent
from tests.commands.conftest import empty
from tests.importing.answers import as_litellm
from tests.support.other_gateway import KEY, OtherGateway, other_gateway

__all__ = ("empty",)

Bring = Callable[..., dict[str, Any]]


@pytest.fixture
def gateway() -> Iterator[OtherGateway]:
    """Another gateway that knows nothing yet."""
    with other_gateway() as running:
        yield running


@pytest.fixture
def litellm(gateway: OtherGateway, empty: None) -> OtherGateway:
    """A LiteLLM that has grown for years; here there is nothing yet."""
    return as_litellm(gateway)


@pytest.fixture
def bring(gateway: OtherGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bring:
    """`bring("import_litellm", "--dry-run")`: the report as JSON, with what was printed as `output`."""
    monkeypatch.setenv("RBACADMIN_IMPORT_KEY", KEY)

    def run(command: str, *arguments: str) -> dict[str, Any]:
        out, file = StringIO(), tmp_path / "report.json"
        call_command(command, "--url", gateway.url, "--report", str(file), *arguments, stdout=out, stderr=out)
        found: dict[str, Any] = json.loads(file.read_text())
        assert KEY not in out.getvalue() + file.read_text()
        return {**found, "output": out.getvalue()}

    return run


@pytest.fixture
def events() -> Callable[[], int]:
    """How much is on record."""
    return lambda: AuditEvent.objects.count()
