from collections.abc import Callable

from django.urls import reverse

from tests.routes.rule import Rule, about, page, signed_in
from tests.routes.screens.address import url
from tests.world import World

POST_ONLY = signed_in(405)  # the method is wrong for everybody, before anything is looked up


def model_url(name: str) -> Callable[[World], str]:
    """Of the model that the team of the cast brought."""
    return lambda world: reverse(name, args=[world.catalog["here_team"].pk])


def group_url(name: str) -> Callable[[World], str]:
    return lambda world: reverse(name, args=[world.catalog["fast"].pk])


ADMINS = {"proxy_admin": 200, "superuser": 200}
RULES: dict[str, Rule] = {
    "ui/usage/": page(),
    "ui/models/": page(),
    "ui/models/new/": page(403, org_admin=200, stranger=200, **ADMINS),
    "ui/models/<uuid:pk>/": about(model_url("model-detail")),
    "ui/models/<uuid:pk>/history/": about(model_url("model-history")),
    "ui/models/<uuid:pk>/edit/": about(model_url("model-edit"), member=403, auditor=403),
    "ui/models/<uuid:pk>/block/": Rule(POST_ONLY, model_url("model-block")),
    "ui/models/<uuid:pk>/unblock/": Rule(POST_ONLY, model_url("model-unblock")),
    "ui/models/<uuid:pk>/test/": Rule(POST_ONLY, model_url("model-test")),
    "ui/models/<uuid:pk>/delete/": about(model_url("model-delete"), member=403, auditor=403),
    "ui/teams/<uuid:pk>/models/": about(url("team-models", "team")),
    "ui/models/groups/": page(),
    "ui/models/groups/new/": page(403, **ADMINS),
    # nobody's list names the group: it is there for those alone who see everything
    "ui/models/groups/<uuid:pk>/": Rule(signed_in(404, auditor=200, **ADMINS), group_url("group-detail")),
    "ui/models/groups/<uuid:pk>/history/": Rule(signed_in(404, auditor=200, **ADMINS), group_url("group-history")),
    "ui/models/groups/<uuid:pk>/edit/": Rule(signed_in(404, auditor=403, **ADMINS), group_url("group-edit")),
    "ui/models/groups/<uuid:pk>/delete/": Rule(signed_in(404, auditor=403, **ADMINS), group_url("group-delete")),
}
