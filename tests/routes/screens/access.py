from tests.routes.rule import Rule, about, page
from tests.routes.screens.address import url

RULES: dict[str, Rule] = {
    "ui/access/": page(),
    "ui/access/who/": page(),
    "ui/access/compare/": page(),
    "ui/access/people/<uuid:pk>/": about(url("access-person", "colleague"), member=404),
}
