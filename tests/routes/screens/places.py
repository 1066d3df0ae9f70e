"""The home page and what belongs to no noun."""

from tests.routes.rule import Rule, at, page, public

RULES: dict[str, Rule] = {
    "": public(302),
    "ui": public(302),
    "ui/": page(),
    "ui/context/": page(),
    "ui/language/": public(405),
    "ui/theme/": public(405),
    "ui/styleguide/": page(),
    "ui/hygiene/": page(),
    "ui/bulk/<str:name>/": at("/ui/bulk/keys/", page()),
    "ui/shortcuts/": page(),
    "ui/guide/": page(),
    "ui/find/": page(),
}
