"""One picture of an organization, taken through each door: its projects, their members and keys, by the same ids."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import unescape
from http import HTTPStatus
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener
from uuid import UUID

import openai

from rbacctl.failure import Code
from tests.support.server import Server

GONE = "not found"
ID = r"[0-9a-f]{8}-[0-9a-f-]{27}"


def same(ident: str) -> str:
    """An id of any dialect as the UUID that it stands for."""
    return str(UUID(ident.rpartition("_")[2].removeprefix("org-")))


@dataclass(frozen=True)
class Picture:
    """What somebody sees. Of one project: members with their roles, keys with their names; or that it is not found."""

    organization: tuple[str, str]
    projects: dict[str, str] = field(default_factory=dict)
    members: dict[str, str] | str = GONE
    keys: dict[str, str] | str = GONE


@dataclass(frozen=True)
class Place:
    """What the picture is of, by the ids of LLMariner."""

    organization: str
    project: str


def of_command_line(run: Callable[..., Any], place: Place) -> Picture:
    """rbacctl."""

    def said(*line: str) -> Any:
        found = run(*line, "-o", "json")
        assert found.exit_code in (0, Code.NOT_FOUND), found.output
        return json.loads(found.stdout) if found.exit_code == 0 else None

    inside = ("--organization-title", place.organization)
    (organization,) = (one for one in said("admin", "orgs", "list") if one["id"] == place.organization)
    members = said("admin", "projects", "list-members", place.project, *inside)
    keys = said("auth", "api-keys", "list", *inside, "-p", place.project)
    return Picture(
        (same(organization["id"]), organization["title"]),
        {same(one["id"]): one["title"] for one in said("admin", "projects", "list", *inside)},
        GONE if members is None else {one["user_id"]: one["role"].rpartition("_")[2].lower() for one in members},
        GONE if keys is None else {same(one["id"]): one["name"] for one in keys},
    )


def of_openai(client: openai.OpenAI, server: Server, place: Place) -> Picture:
    """OpenAI's own client. Its API never names the organization itself, so that comes from its header's answer."""

    def listed(rows: Callable[[], dict[str, str]]) -> dict[str, str] | str:
        try:
            return rows()
        except openai.NotFoundError:
            return GONE

    admin = client.admin.organization
    status, seen = server.ask("GET", "/v1/organizations", key=client.api_key)
    assert status == 200, seen
    (organization,) = (one for one in seen["organizations"] if one["id"] == client.organization)
    return Picture(
        (same(organization["id"]), organization["title"]),
        {same(one.id): str(one.name) for one in admin.projects.list()},
        listed(lambda: {str(one.email): one.role for one in admin.projects.users.list(place.project)}),
        listed(lambda: {same(one.id): one.name for one in admin.projects.api_keys.list(place.project)}),
    )


def of_litellm(server: Server, key: str, place: Place, known: Iterable[str]) -> Picture:
    """LiteLLM's management API. It lists keys by their hashes, and knows them by the ids of the other doors, too."""

    def said(path: str, **query: str) -> Any:
        status, answer = server.ask("GET", f"{path}?{urlencode(query)}", key=key)
        assert status in (200, 404), answer
        return answer if status == 200 else None

    organization = said("/organization/info", organization_id=place.organization)
    here = {"project_id": place.project}
    project = said("/project/info", **here)
    keys = {one["token"]: one for one in said("/key/list", return_full_object="true", **here)["keys"]}
    by_id = {ident: keys.pop(said("/key/info", key=ident)["info"]["token"]) for ident in known}
    return Picture(
        (organization["organization_id"], organization["organization_alias"]),
        {one["project_id"]: one["title"] for one in said("/project/list", organization_id=place.organization)},
        GONE if project is None else {one["user_email"]: one["role"] for one in project["members"]},
        GONE if project is None else {id_: one["key_alias"] or one["key_name"] for id_, one in (by_id | keys).items()},
    )


class Browser:
    """The pages of the dashboard, for one person: cookies and forms, no script."""

    def __init__(self, server: Server) -> None:
        self.url, self.cookies = server.url, CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies))

    def page(self, path: str, form: dict[str, str] | None = None) -> str:
        """The page, or GONE."""
        token = next((cookie.value for cookie in self.cookies if cookie.name.endswith("csrftoken")), "") or ""
        content = None if form is None else urlencode({**form, "csrfmiddlewaretoken": token}).encode()
        headers = {"Referer": self.url, "Origin": self.url}
        try:
            with self.opener.open(Request(self.url + path, content, headers), timeout=60) as answer:
                return unescape(answer.read().decode())
        except HTTPError as error:
            with error:
                if error.code == HTTPStatus.NOT_FOUND:
                    return GONE
            raise

    def sign_in(self, link: str) -> None:
        """Follow the link of an invitation, choose a password, and be signed in."""
        path = link[link.index("/accounts/") :]
        self.page(path)
        chosen = "a long enough pass phrase"
        assert "rbacadmin" in self.page(path, {"password1": chosen, "password2": chosen})


def of_pages(browser: Browser, place: Place) -> Picture:
    """The dashboard."""
    organization, project = same(place.organization), same(place.project)

    def rows(page: str, kind: str) -> dict[str, str]:
        return dict(re.findall(rf'class="row-link" href="/ui/{kind}/({ID})/">([^<]+)</a>', page))

    home = browser.page(f"/ui/organizations/{organization}/")
    projects = rows(browser.page(f"/ui/projects/?in={organization}"), "projects")
    people, keys = browser.page(f"/ui/projects/{project}/members/"), browser.page(f"/ui/projects/{project}/keys/")
    programs = browser.page(f"/ui/projects/{project}/service-accounts/")
    title = re.search(r"<h1>([^<]+)</h1>", home)
    assert title
    of_programs = dict(re.findall(rf'<a href="/ui/keys/({ID})/">([^<]+)</a>', programs))
    return Picture(
        (organization, title[1]),
        projects,
        GONE if people == GONE else roles_on(people),
        GONE if keys == GONE else rows(keys, "keys") | of_programs,
    )


def roles_on(page: str) -> dict[str, str]:
    """E-mail to role, from the table of members: a list to choose from, or words for who may not."""
    found = {}
    for row in page.split("<tr")[1:]:
        if 'scope="row"' not in row:
            continue
        mail = re.search(r"[\w.]+@[\w.]+", row)
        chosen = re.search(r'<option value="(\w+)" selected', row) or re.search(r"<span>Project (\w+)</span>", row)
        assert mail, row
        assert chosen, row
        found[mail[0]] = chosen[1]
    return found
