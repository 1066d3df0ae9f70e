"""What a running LiteLLM tells: every page of every list, as it stands. Written for 1.109; older ones lack some."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from importing.litellm.values import mapping, rows, text
from importing.source import Source, SourceFailed

SIZE = 100  # the most that LiteLLM gives at once
MOST_PAGES = 10_000
NOT_THERE, NOT_ALLOWED = (404, 405), (401, 403)

Progress = Callable[[str, int, int], None]  # of what, how many are done, of how many
Row = dict[str, Any]


@dataclass
class Read:
    """The rows of the other gateway. `problems` are sentences about what could not be read."""

    organizations: list[Row] = field(default_factory=list)
    people: list[Row] = field(default_factory=list)
    teams: list[Row] = field(default_factory=list)
    archived_teams: list[Row] = field(default_factory=list)
    keys: list[Row] = field(default_factory=list)
    tells_fingerprints: bool = True
    version: str = ""
    problems: list[str] = field(default_factory=list)


def read(source: Source, progress: Progress) -> Read:
    """Everything. Raises SourceFailed when people, teams or keys cannot be read; what is optional is a problem."""
    found = Read()
    readiness = optional(source, "/health/readiness", found) or {}
    found.version = text(mapping(readiness).get("litellm_version"))
    # A gateway like this one shows the hash of its own pepper as `token`: that is nobody's SHA-256.
    found.tells_fingerprints = "limits" not in mapping(readiness)
    found.organizations = rows(optional(source, "/organization/list", found))
    progress("organizations", len(found.organizations), len(found.organizations))
    found.people = list(pages(source, "/user/list", "users", "page_size", progress, sort_by="created_at"))
    found.teams = teams(source, progress)
    try:
        gone = pages(source, "/v2/team/list", "teams", "page_size", quiet, status="deleted")
        there = {team.get("team_id") for team in found.teams}
        found.archived_teams = [team for team in gone if team.get("team_id") not in there]
    except SourceFailed as error:
        found.problems.append(f"Which teams are archived there is not known: {error}")
    found.keys = list(pages(source, "/key/list", "keys", "size", progress, return_full_object="true"))
    return found


def quiet(_what: str, _done: int, _of: int) -> None:
    """For what is too little to be told."""


def optional(source: Source, path: str, found: Read) -> Any:
    """What is at a path, or None; that it is not there, or behind a licence, is a problem and no failure."""
    try:
        return source.get(path)
    except SourceFailed as error:
        if error.status not in (*NOT_THERE, *NOT_ALLOWED):
            raise
        found.problems.append(str(error))
        return None


def pages(source: Source, path: str, items: str, size: str, progress: Progress, **query: str) -> Iterator[Row]:
    """The rows of a list, page by page, each once: rows move between pages while they are read."""
    seen: set[str] = set()
    for page in range(1, MOST_PAGES + 1):
        answer = mapping(source.get(path, page=page, **{size: SIZE}, sort_order="asc", **query))
        found = rows(answer.get(items))
        for row in found:
            ident = text(row.get("token")) or text(row.get("user_id" if items == "users" else "team_id"))
            if ident not in seen:
                seen.add(ident)
                yield row
        last = answer.get("total_pages")
        total = answer.get("total", answer.get("total_count"))
        progress(items, len(seen), total if isinstance(total, int) else len(seen))
        if not found or not isinstance(last, int) or page >= last:
            return
    raise SourceFailed(f"{path} has more than {MOST_PAGES:,} pages.")


def teams(source: Source, progress: Progress) -> list[Row]:
    """The teams with their people and what those may spend there, which some versions tell only of one at a time."""
    try:
        found = list(pages(source, "/v2/team/list", "teams", "page_size", progress))
    except SourceFailed as error:
        if error.status not in NOT_THERE:
            raise
        found = rows(source.get("/team/list"))
    for number, team in enumerate(found, start=1):
        if "team_memberships" in team or not text(team.get("team_id")):
            continue
        told = mapping(source.get("/team/info", team_id=team["team_id"], key_limit=1))
        info = mapping(told.get("team_info"))
        team["team_memberships"] = told.get("team_memberships")
        for name in ("members_with_roles", "team_member_budget_table"):
            team[name] = info.get(name) if info.get(name) is not None else team.get(name)
        progress("people of teams", number, len(found))
    return found
