"""The shape of the code: what may import what, and what may not happen where."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rbacadmin.policy import PLATFORM_ROLES, SCOPED_ROLES

pytestmark = pytest.mark.sqlite

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    "orgs",
    "teams",
    "keys",
    "gateway",
    "importing",
    "manifests",
    "dashboard",
    "api",
)  # each may import those before it, and rbacadmin
SIDE_BY_SIDE = ("dashboard", "api")  # two doors: neither looks through the other
# The project package stands below the apps, but for these parts, which put the site together.
TOPS = {
    "rbacadmin/urls.py",
    "rbacadmin/wsgi.py",
    "rbacadmin/settings.py",
    "rbacadmin/management",
    "rbacadmin/templatetags",
}
ROLES = {*PLATFORM_ROLES, *(role for roles in SCOPED_ROLES.values() for role in roles)}
WRITES = {"save", "create", "delete", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "update"}
LONGEST_FILE, LONGEST_VIEW = 300, 25


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def product() -> list[Path]:
    return sources("rbacadmin", *APPS)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, also inside functions; not those for the type checker only."""
    tree = tree_of(path)
    checking = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in checking:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            yield node.module or ""


def is_top(path: Path) -> bool:
    name = name_of(path)
    return any(name == top or name.startswith(f"{top}/") for top in TOPS)


def is_door(path: Path) -> bool:
    return path.name.endswith("views.py") or path.relative_to(ROOT).parts[0] in SIDE_BY_SIDE


def test_there_is_something_to_look_at() -> None:
    assert len(product()) > 60
    assert len([path for path in product() if is_door(path)]) > 10
    assert "teams.models" in set(imports(ROOT / "teams" / "services" / "members.py"))


def test_imports_run_one_way() -> None:
    wrong = []
    for path in product():
        app = path.relative_to(ROOT).parts[0]
        above = APPS if app == "rbacadmin" else APPS[APPS.index(app) + 1 :]
        if app in SIDE_BY_SIDE:
            above = tuple(other for other in SIDE_BY_SIDE if other != app)
        if app == "rbacadmin" and is_top(path):
            continue
        wrong += [f"{name_of(path)} imports {name}" for name in imports(path) if name.split(".")[0] in above]
    assert not wrong, "\n".join(wrong)


def test_the_policy_imports_no_app_and_nothing_of_the_web() -> None:
    wrong = [
        f"{name_of(path)} imports {name}"
        for path in sources("rbacadmin/policy")
        for name in imports(path)
        if name.split(".")[0] in APPS or name.startswith(("django.http", "django.shortcuts", "django.views"))
    ]
    assert not wrong, "\n".join(wrong)


def test_services_never_see_a_request() -> None:
    wrong = [
        name_of(path)
        for path in product()
        if "services" in name_of(path)
        and any(name.startswith(("django.http", "rest_framework")) for name in imports(path))
    ]
    assert not wrong, wrong


def test_guardian_is_called_in_one_file() -> None:
    callers = [name_of(path) for path in product() if any(name.split(".")[0] == "guardian" for name in imports(path))]
    assert callers == ["rbacadmin/policy/grants.py"]


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_views_and_dialects_write_nothing_themselves() -> None:
    wrong = []
    for path in filter(is_door, product()):
        for call in calls(tree_of(path)):
            if isinstance(call.func, ast.Attribute) and call.func.attr in WRITES:
                target = ast.unparse(call.func.value)
                if call.func.attr == "update" and "objects" not in target:
                    continue  # a dict
                wrong.append(f"{name_of(path)}:{call.lineno} {target}.{call.func.attr}(")
    assert not wrong, "\n".join(wrong)


def test_views_and_dialects_get_their_objects_from_find() -> None:
    wrong = []
    for path in filter(is_door, product()):
        for call in calls(tree_of(path)):
            text = ast.unparse(call.func)
            if re.search(r"objects(\.\w+)*\.get$|get_object_or_404$|_default_manager\.get$", text):
                wrong.append(f"{name_of(path)}:{call.lineno} {text}(")
    assert not wrong, "\n".join(wrong)


def role_words(node: ast.AST) -> set[str]:
    return {inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant) and inner.value in ROLES}


def test_no_role_is_compared_outside_the_policy() -> None:
    """Ask for an action instead: a role that gains or loses one must not leave a trace anywhere else."""
    wrong = []
    for path in product():
        if name_of(path).startswith("rbacadmin/policy/") or not (is_door(path) or is_top(path)):
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Compare) and (words := role_words(node)):
                wrong.append(f"{name_of(path)}:{node.lineno} {ast.unparse(node)} ({', '.join(words)})")
    assert not wrong, "\n".join(wrong)


def test_no_template_asks_for_a_role() -> None:
    asked = re.compile(r"{%\s*(?:el)?if\b[^%]*[\"'](" + "|".join(sorted(ROLES)) + r")[\"'][^%]*%}")
    asked_of = re.compile(r"{%\s*(?:el)?if\b[^%]*\b(?:platform_role|is_superuser|is_staff)\b[^%]*%}")
    wrong = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        wrong += [
            f"{name_of(path)}: {m.group()}"
            for m in (*asked.finditer(path.read_text()), *asked_of.finditer(path.read_text()))
        ]
    assert not wrong, "\n".join(wrong)


def test_the_command_line_is_a_client_and_nothing_else() -> None:
    """It runs where no server is installed: it imports nothing of Django, and nothing of the product."""
    foreign = ("django", "rest_framework", "rbacadmin", *APPS)
    # its own nouns are called as the apps are (rbacctl.commands.keys): only whole first parts count
    wrong = [
        f"{name_of(path)} imports {name}"
        for path in sources("rbacctl")
        for name in imports(path)
        if name.split(".")[0] in foreign
    ]
    assert sources("rbacctl")
    assert not wrong, "\n".join(wrong)


def test_files_stay_short() -> None:
    """A file that needs a table of contents is two files."""
    files = [*product(), *sources("rbacctl", "tests", "bin")]
    long = {name_of(path): len(path.read_text().splitlines()) for path in files}
    assert not {name: lines for name, lines in long.items() if lines >= LONGEST_FILE}


def test_views_stay_short() -> None:
    wrong = []
    for path in product():
        if not is_door(path):
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef) and [a.arg for a in node.args.args][:1] == ["request"]:
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > LONGEST_VIEW:
                    wrong.append(f"{name_of(path)}: {node.name} has {lines} lines")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "misc"])
def test_no_file_is_named_after_nothing(name: str) -> None:
    assert not [path for path in product() if path.stem == name]


def test_every_public_verb_of_the_services_is_a_service() -> None:
    """What changes rows and is exported, locks and is recorded."""
    import teams.services as exported

    for name in exported.__all__:
        assert hasattr(getattr(exported, name), "__wrapped__"), name


def test_nothing_is_printed_and_nobody_is_named() -> None:
    wrong = [
        f"{name_of(path)}:{call.lineno}"
        for path in product()
        if "management" not in path.parts
        for call in calls(tree_of(path))
        if isinstance(call.func, ast.Name) and call.func.id in {"print", "breakpoint"}
    ]
    assert not wrong
