"""The home page and what belongs to no noun."""

from tests.routes.rule import Rule, at, page, public

NOBODYS = "/ui/tasks/00000000-0000-4000-8000-00000000dead/"

RULES: dict[str, Rule] = {
    "": public(302),
    "ui": public(302),
    "ui/": page(),
    "ui/context/": page(),
    "ui/language/": public(405),
    "ui/theme/": public(405),
    "ui/styleguide/": page(),
    "ui/hygiene/": page(),
    "ui/tasks/": page(),
    "ui/tasks/export/": page(405),
    "ui/tasks/<uuid:pk>/": at(NOBODYS, page(404)),  # everybody sees their own alone: tests/screens/test_tasks.py
    "ui/tasks/<uuid:pk>/file/": at(f"{NOBODYS}file/", page(404)),
    "ui/shortcuts/": page(),
    "ui/guide/": page(),
    "ui/find/": page(),
}
