"""What pages of the documentation name is there: variables, commands, routes and screens."""

import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from api.gateway.forward_auth import ENVOY, NGINX, TRAEFIK
from api.litellm.routes import ROUTES
from api.llmariner.routes import ROUTES as LLMARINER
from api.openai.urls import VIEWS
from rbacadmin.conf import Conf, names_of
from rbacadmin.management.importing import KEY_VARIABLE
from tests.walkthrough.page import ROOT
from tests.walkthrough.shell import Shell

PAGES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]
# Pages that speak of what is not here, or of LiteLLM's own.
ELSEWHERE = {"differences.md", "0001-request-models.md"}
# What the file for LiteLLM proxies reads, in the proxy's own environment, and what an import reads once.
OF_THE_PROXY = {"RBACADMIN_URL", "RBACADMIN_GATEWAY_KEY", KEY_VARIABLE}
KNOWN = {re.sub(r"{\w+}", "*", route.path) for route in (*ROUTES, *LLMARINER)} | {
    "/docs/",
    "/openapi.json",
    ENVOY,
    NGINX,
    TRAEFIK,
}
KNOWN |= {f"{version}/{path}" for path in VIEWS for version in ("", "/v1")}
NOUNS = {path.split("/")[1] for path in KNOWN} | {"budget", "customer"}


def found(pattern: str, pages: Iterable[Path] = PAGES) -> Iterator[tuple[str, str]]:
    for page in pages:
        for match in re.finditer(pattern, page.read_text()):
            yield page.name, match[1]


def test_there_are_pages() -> None:
    assert len(PAGES) > 20


def test_every_variable_that_a_page_names_is_one() -> None:
    known = OF_THE_PROXY | {variable for name in Conf.model_fields for variable in names_of(name)}
    assert [row for row in found(r"\b(RBACADMIN_[A-Z_]+[A-Z])\b") if row[1] not in known] == []


def test_every_command_that_a_page_names_is_one() -> None:
    assert [row for row in found(r"manage\.py (\w+)") if row[1] not in get_commands()] == []


def test_every_route_that_a_page_names_is_one() -> None:
    pages = [page for page in PAGES if page.name not in ELSEWHERE]
    named = found(r"`(?:[A-Z]+ )?(/[\w-]+/[\w/{}-]+)[^`]*`", pages)
    named = ((page, path) for page, path in named if not path.endswith("/"))  # `/v1/projects/...` names what is beneath
    routes = [(page, re.sub(r"{\w+}", "*", path)) for page, path in named if path.split("/")[1] in NOUNS]
    assert len(routes) > 150
    assert [row for row in routes if row[1] not in KNOWN] == []


@pytest.mark.parametrize("path", sorted({path for _, path in found(r"`(/ui/[\w/-]*)`")}))
def test_every_screen_that_a_page_names_is_there(path: str) -> None:
    try:
        resolve(path)
    except Resolver404:
        pytest.fail(f"{path} is no screen")


def test_the_tour_of_the_readme_goes_where_it_says(db: None) -> None:
    text = (ROOT / "README.md").read_text().replace("\\\n", " ")
    shell, answers = Shell(), list[Any]()
    for command in re.findall(r"^curl .*$", text, re.MULTILINE):
        answers.append(shell.curl(shlex.split(shell.filled(command))))
        shell.variables |= {"KEY": answers[-1]["key"]} if "key" in answers[-1] else {}
    assert [answer for answer in answers if {"error", "detail"} & answer.keys()] == []
    assert answers[0]["organization_id"] == "marketing"
    assert answers[2]["key"].startswith("sk-u_")
    assert answers[3]["allowed"] is True
    assert answers[-1]["choices"][0]["message"]["content"] == "You said: What is a key?"
