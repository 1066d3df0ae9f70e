"""`apply`, `diff`, `get` and `templates`: everything as files declare it."""

import difflib
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from rbacctl.asking import Yes, sure
from rbacctl.command import command
from rbacctl.failure import Code, Failure
from rbacctl.session import Session, session_of

ENDINGS = (".yaml", ".yml", ".json")
TEMPLATE = "template:"
PATIENCE = 600.0  # seconds at least, for thousands of manifests
KINDS = ("organizations", "projects", "teams", "users", "teammemberassociations", "all")
COLUMNS = {"Kind": "kind", "Namespace": "metadata.namespace", "Name": "metadata.name"}
MARKS = {"created": "+", "changed": "~", "adopted": "=", "removed": "-", "waits": "?"}
SAID = {"adopted": "is as declared, and belongs to this set from now on"}

FILES = Annotated[
    list[str], typer.Option("--filename", "-f", help="A file, a folder, - for standard input, or template:NAME.")
]
SETTINGS = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="What ${NAME} in the files stands for.")
]
OWNER = Annotated[str, typer.Option(help="The set that the manifests belong to; only that is pruned.")]
PRUNE = Annotated[bool, typer.Option("--prune", help="Remove what the set owns and is not in the files.")]
TAKE = Annotated[bool, typer.Option("--take-over", help="Take what another set owns.")]
SOURCE = Annotated[str, typer.Option(help="Where they come from, for the record: a repository and a commit.")]


def put_into(app: typer.Typer) -> None:
    """The commands, at the top of the tree."""
    for name, function in (("apply", apply), ("diff", diff), ("get", get), ("templates", templates)):
        command(app, name)(function)


def apply(
    ctx: typer.Context,
    filename: FILES,
    settings: SETTINGS = None,
    prune: PRUNE = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    owner: OWNER = "default",
    source: SOURCE = "",
    take_over: TAKE = False,
    yes: Yes = False,
) -> None:
    """Make everything as the files declare it, all or nothing. Asks before anything is removed or anybody loses."""
    session = session_of(ctx)
    asked = request_of(session, filename, settings, owner, prune, take_over, source)
    plan = planned(session, asked)
    if session.screen.for_people:
        for line in told(plan):
            session.screen.line(line)
    elif dry_run or not plan["steps"]:
        session.screen.data(plan)
    if dry_run or not plan["steps"]:
        return
    if plan["counts"].get("removed") or any(one["lost"] for one in plan["people"]):
        sure("Something is removed, or somebody loses something. Go on?", yes)
    done = posted(session, "/manifests/apply", {**asked, "expect": plan["plan"]})
    session.screen.done(f"Done: {counted(done)}.", done)


def diff(
    ctx: typer.Context,
    filename: FILES,
    settings: SETTINGS = None,
    prune: PRUNE = False,
    owner: OWNER = "default",
    take_over: TAKE = False,
) -> None:
    """What `apply` would change, field by field. Exit code 0 when there is nothing, 1 when there is something."""
    session = session_of(ctx)
    plan = planned(session, request_of(session, filename, settings, owner, prune, take_over, ""))
    if session.screen.for_people:
        for step in plan["steps"]:
            for line in differing(step):
                session.screen.line(line)
    else:
        session.screen.data(plan)
    if any(step["outcome"] not in ("unchanged", "adopted") for step in plan["steps"]):
        raise typer.Exit(Code.NO)


def get(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="KIND", help=" | ".join(KINDS), autocompletion=lambda: list(KINDS))],
    name: Annotated[str | None, typer.Argument(help="One of them, by its name as a manifest.")] = None,
    namespace: Annotated[str | None, typer.Option("--namespace", "-n", help="Those of a namespace only.")] = None,
) -> None:
    """What is, as manifests. With -o yaml a file that can be applied again."""
    session = session_of(ctx)
    answer = session.client.get("/manifests", kind=kind, name=name, namespace=namespace)
    found = answer["manifests"]
    for one in answer["left_out"]:
        session.screen.aside(f"Left out: {one}")
    if session.screen.style == "yaml":
        sys.stdout.write(documents(found))
    else:
        session.screen.rows(found, COLUMNS)


def templates(ctx: typer.Context, name: Annotated[str | None, typer.Argument(help="Print this one.")] = None) -> None:
    """The templates that come along with the server, for `apply -f template:NAME`."""
    session = session_of(ctx)
    if name is not None:
        sys.stdout.write(template(session, name))
        return
    found = session.client.get("/manifests/templates")["templates"]
    session.screen.rows(found, {"Name": "name", "What it is": "description"})


def documents(found: Sequence[Mapping[str, Any]]) -> str:
    """A file of YAML with a document for each."""
    return yaml.safe_dump_all(found, sort_keys=False, allow_unicode=True, explicit_start=True)


def request_of(
    session: Session,
    named: Sequence[str],
    settings: Sequence[str] | None,
    owner: str,
    prune: bool,
    take_over: bool,
    source: str,
) -> dict[str, Any]:
    """What is asked of the server, with the patience for it. Raises Failure for files that cannot be read."""
    session.patience = max(session.patience, PATIENCE)
    files = [{"name": name, "content": content} for one in named for name, content in files_of(session, one)]
    if not files:
        raise Failure(f"No file that ends with {', '.join(ENDINGS)} is there.", Code.USAGE)
    told = source or ", ".join(named)[:1000]
    return {
        "files": files,
        "set": dict(map(setting, settings or ())),
        "owner": owner,
        "prune": prune,
        "take_over": take_over,
        "source": told,
    }


def setting(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not name or not sign:
        raise Failure("--set takes NAME=VALUE.", Code.USAGE)
    return name, value


def files_of(session: Session, named: str) -> Iterator[tuple[str, str]]:
    """The files that one `-f` means, in the order of their names."""
    if named == "-":
        yield "standard input", sys.stdin.read()
    elif named.startswith(TEMPLATE):
        yield named, template(session, named.removeprefix(TEMPLATE))
    else:
        path = Path(named)
        inside = sorted(one for one in path.rglob("*") if one.suffix in ENDINGS and one.is_file())
        for one in inside if path.is_dir() else [path]:
            try:
                yield str(one), one.read_text()
            except (OSError, UnicodeDecodeError) as error:
                raise Failure(f"{one} cannot be read ({type(error).__name__}).", Code.USAGE) from None


def template(session: Session, name: str) -> str:
    """A template that comes along. Raises Failure when there is none of this name."""
    found = {one["name"]: one for one in session.client.get("/manifests/templates")["templates"]}
    if name not in found:
        raise Failure(f"There is no template '{name}'. There are: {', '.join(found)}.", Code.NOT_FOUND)
    return str(found[name]["content"])


def planned(session: Session, asked: Mapping[str, Any]) -> dict[str, Any]:
    return posted(session, "/manifests/plan", asked)


def posted(session: Session, path: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The answer. Raises Failure with a line for every mistake: what, in which file, in which line."""
    try:
        found: dict[str, Any] = session.client.post(path, asked)
    except Failure as failure:
        error = failure.answer.get("error") if isinstance(failure.answer, dict) else None
        mistakes = error.get("mistakes") if isinstance(error, dict) else None
        if not mistakes:
            raise
        lines = [f"{placed(one)}: {one['message']}" for one in mistakes]
        raise Failure("\n".join([*lines, "Nothing was changed."]), Code(failure.code)) from None
    return found


def placed(mistake: Mapping[str, Any]) -> str:
    return f"{mistake['file']}:{mistake['line']}" if mistake["line"] else str(mistake["file"])


def told(plan: Mapping[str, Any]) -> Iterator[str]:
    """A plan for people."""
    for step in plan["steps"]:
        words = step["reason"] or SAID.get(step["outcome"], "")
        name = f"{step['kind']} {step['namespace']}/{step['name']}"
        yield f"{MARKS.get(step['outcome'], ' ')} {name}{': ' + words if words else ''}"
        if step["outcome"] == "changed":
            for field, (before, after) in step["fields"].items():
                yield f"    {field}: {value(before)} -> {value(after)}"
    for one in plan["people"]:
        for verb in ("gained", "lost"):
            for part in one[verb]:
                where = part["area"] if part["area"] == "the platform" else f"{part['count']} {part['area']}"
                yield f"  {one['person']} {'gains' if verb == 'gained' else 'LOSES'} {part['action']}: {where}"
    if plan["people_count"] > len(plan["people"]):
        yield f"  People whom it concerns: {plan['people_count']}."
    yield f"{counted(plan)}." if plan["steps"] else "Nothing to change."


def counted(plan: Mapping[str, Any]) -> str:
    return ", ".join(f"{number} {outcome}" for outcome, number in sorted(plan["counts"].items()))


def value(item: Any) -> str:
    return "-" if item is None else yaml.safe_dump(item, default_flow_style=True, width=1000).splitlines()[0]


def differing(step: Mapping[str, Any]) -> Iterator[str]:
    """What a step changes, as `diff -u` shows it."""
    before = {name: pair[0] for name, pair in step["fields"].items() if pair[0] is not None}
    after = {name: pair[1] for name, pair in step["fields"].items() if pair[1] is not None}
    name = f"{step['kind']}/{step['namespace']}/{step['name']}"
    old, new = (yaml.safe_dump(one, sort_keys=False, allow_unicode=True).splitlines() for one in (before, after))
    lines = difflib.unified_diff(old if before else [], new if after else [], f"there/{name}", f"wanted/{name}", n=3)
    found = [line.rstrip("\n") for line in lines]
    yield from found or [f"{MARKS.get(step['outcome'], ' ')} {name}: {step['reason'] or step['outcome']}"]
