"""`audit`: what happened, as far as it concerns you."""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from rbacctl import complete, lookup
from rbacctl.command import Tree, command
from rbacctl.commands import teams
from rbacctl.commands.projects import InOrganization
from rbacctl.failure import Code, Failure
from rbacctl.output import local_time, shown
from rbacctl.pages import SIZE
from rbacctl.session import Session, session_of

tree = typer.Typer(cls=Tree, help="The audit log.", no_args_is_help=True)
EVERY = 2.0  # seconds between two looks
KEPT = 10_000  # ids of events that are remembered, so that none is told twice
Team = Annotated[str | None, typer.Option("--team", help="Of this team.", autocompletion=complete.teams)]
Outcome = Annotated[str | None, typer.Option(help="done or refused", autocompletion=lambda: ["done", "refused"])]
Search = Annotated[str | None, typer.Option(help="Events that mention this.")]


def filters(
    session: Session, organization: str | None, team: str | None, outcome: str | None, search: str | None
) -> dict[str, Any]:
    """The server's filters for what was named."""
    return {
        "organization_id": lookup.organization(session, organization)["id"] if organization else None,
        "team_id": teams.find(session, team)["team_id"] if team else None,
        "outcome": outcome,
        "search": search,
    }


def latest(session: Session, number: int, **query: Any) -> list[dict[str, Any]]:
    """The last events, oldest first."""
    found: list[dict[str, Any]] = []
    page = 1
    while len(found) < number:
        answer = session.client.get("/audit", **query, page=page, page_size=SIZE)
        found += answer["audit_logs"]
        page += 1
        if page > answer["total_pages"]:
            break
    return found[:number][::-1]


def later(session: Session, seen: dict[str, None], **query: Any) -> Iterator[dict[str, Any]]:
    """What happened since, oldest first: page after page, until one holds what was seen."""
    fresh: list[dict[str, Any]] = []
    page = 1
    while True:
        answer = session.client.get("/audit", **query, page=page, page_size=SIZE)
        fresh += [row for row in answer["audit_logs"] if row["id"] not in seen]
        page += 1
        if page > answer["total_pages"] or any(row["id"] in seen for row in answer["audit_logs"]):
            break
    for row in {row["id"]: row for row in reversed(fresh)}.values():
        seen[row["id"]] = None
        yield row
    while len(seen) > KEPT:
        del seen[next(iter(seen))]


def tell(session: Session, row: dict[str, Any]) -> None:
    """One event in one line: words for people, JSON for programs."""
    if not session.screen.for_people:
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        return
    parts = (local_time(row["updated_at"]), row["outcome"], row["event"], row["object_name"], row["changed_by"])
    session.screen.line("  ".join(shown(part).replace("\n", " ") or "-" for part in parts))


@command(tree, "tail")
def tail(
    ctx: typer.Context,
    number: Annotated[int, typer.Option("-n", "--lines", min=1, max=10_000, help="How many to begin with.")] = 20,
    follow: Annotated[
        bool, typer.Option("-f", "--follow", help="Go on until Ctrl-C; JSON is one event a line.")
    ] = False,
    organization: InOrganization = None,
    team: Team = None,
    outcome: Outcome = None,
    search: Search = None,
) -> None:
    """The last events, oldest first; with --follow those to come."""
    session = session_of(ctx)
    if follow and session.screen.style == "yaml":
        raise typer.BadParameter("--follow goes with a table or with JSON.")
    query = filters(session, organization, team, outcome, search)
    # A page at least is known when following begins: what stands on it is not taken for new.
    known = latest(session, max(number, SIZE) if follow else number, **query)
    found = known[-number:]
    if not follow and not session.screen.for_people:
        return session.screen.data(found)
    for row in found:
        tell(session, row)
    seen = {row["id"]: None for row in known}
    while follow:
        time.sleep(EVERY)
        for row in later(session, seen, **query):
            tell(session, row)
    return None


@command(tree, "export")
def export(
    ctx: typer.Context,
    to: Annotated[Path, typer.Argument(help="A new file: .csv for a spreadsheet, else one JSON object a line.")],
    organization: InOrganization = None,
    team: Team = None,
    outcome: Outcome = None,
    search: Search = None,
) -> None:
    """Everything as a file that only you can read; the export goes on record."""
    session = session_of(ctx)
    if to.exists() or not to.parent.is_dir():
        raise Failure(f"{to} is there already, or its folder is not.", Code.USAGE)
    query = filters(session, organization, team, outcome, search)
    style = "csv" if to.suffix == ".csv" else "ndjson"
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=".audit.") as folder:
        part, count = Path(folder) / "part", 0
        with (
            session.client.stream("/audit/export", format=style, **query) as lines,
            part.open("x") as file,
            session.screen.progress("Events") as bar,
        ):
            for line in lines:
                file.write(f"{line}\n")
                count += 1
                bar.update(bar.task_ids[0], completed=count)
        part.chmod(0o600)
        part.replace(to)
    session.screen.done(f"Wrote {count} lines to {to}.", {"file": str(to), "lines": count})
