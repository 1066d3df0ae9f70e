from tests.routes.rule import Rule, about, page
from tests.routes.screens.address import url

RULES: dict[str, Rule] = {
    "ui/organizations/": page(),
    "ui/organizations/<uuid:pk>/": about(url("organization-detail", "organization")),
}
