from collections.abc import Callable

from django.urls import reverse

from teams.models import Membership
from tests.routes.rule import Rule, about, page, signed_in
from tests.routes.screens.address import url
from tests.world import World

POST_ONLY = signed_in(405)  # the method is wrong for everybody, before anything is looked up


def of_membership(name: str) -> Callable[[World], str]:
    return lambda world: reverse(
        name, args=[Membership.objects.get(user=world.here.colleague, team=world.here.team).pk]
    )


def joining(world: World) -> str:
    return reverse("access-preview-joining", args=["team", world.here.team.pk])


def review(world: World) -> str:
    return reverse("access-review", args=["team", world.here.team.pk])


RULES: dict[str, Rule] = {
    "ui/access/": page(),
    "ui/access/who/": page(),
    "ui/access/permissions/": page(),
    "ui/access/compare/": page(),
    "ui/access/people/<uuid:pk>/": about(url("access-person", "colleague"), member=404),
    "ui/access/preview/members/<uuid:pk>/": Rule(POST_ONLY, of_membership("access-preview-member")),
    "ui/access/preview/joining/<str:kind>/<uuid:pk>/": Rule(POST_ONLY, joining),
    "ui/access/preview/people/<uuid:pk>/": Rule(POST_ONLY, url("access-preview-person", "colleague")),
    "ui/view-as/": page(403, proxy_admin=200, superuser=200),
    "ui/view-as/stop/": Rule(POST_ONLY),
    "ui/access/review/<str:kind>/<uuid:pk>/": about(review, member=403),
}
