from tests.routes.rule import Rule, about, at, page, signed_in
from tests.routes.screens.address import person_url

POST_ONLY = signed_in(405)  # the method is wrong for everybody, before anything is looked up
NONE = "/ui/people/invitations/00000000-0000-4000-8000-00000000abcd/"  # the cast has none

TERMINAL = "/ui/account/terminal/00000000-0000-4000-8000-00000000abcd/"


def of_person(name: str, **statuses: int) -> Rule:
    """A page about the member's colleague, whom another member does not see."""
    return about(person_url(name), **{"member": 404, **statuses})


RULES: dict[str, Rule] = {
    "ui/people/": page(),
    "ui/people/new/": page(403, org_admin=200, stranger=200, proxy_admin=200, superuser=200),
    "ui/people/bulk/": Rule(POST_ONLY),
    "ui/people/<uuid:pk>/": of_person("person-detail"),
    "ui/people/<uuid:pk>/keys/": of_person("person-keys"),
    "ui/people/<uuid:pk>/limits/": of_person("person-limits"),
    "ui/people/<uuid:pk>/usage/": of_person("person-usage", org_admin=403),
    "ui/people/<uuid:pk>/history/": of_person("person-history"),
    "ui/people/<uuid:pk>/sessions/": of_person("person-sessions", org_admin=403, auditor=403),
    "ui/people/<uuid:pk>/edit/": of_person("person-edit", org_admin=403, auditor=403),
    "ui/people/<uuid:pk>/email/": of_person("person-email", org_admin=403, auditor=403),
    "ui/people/<uuid:pk>/block/": of_person("person-block", org_admin=403, auditor=403),
    "ui/people/<uuid:pk>/unblock/": Rule(POST_ONLY, person_url("person-unblock")),
    "ui/people/<uuid:pk>/delete/": of_person("person-delete", org_admin=403, auditor=403),
    "ui/people/<uuid:pk>/reset/": of_person("person-reset", org_admin=403, auditor=403),
    "ui/people/<uuid:pk>/factors/": of_person("person-factors", org_admin=403, auditor=403),
    "ui/people/<uuid:pk>/invite/": of_person("person-invite", auditor=403),
    "ui/people/<uuid:pk>/sign-out/": of_person("person-sign-out", org_admin=403, auditor=403),
    "ui/people/invitations/": page(),
    "ui/people/invitations/<uuid:pk>/resend/": at(f"{NONE}resend/", page(404)),
    "ui/people/invitations/<uuid:pk>/revoke/": at(f"{NONE}revoke/", page(404)),
    "ui/account/": page(),
    "ui/account/password/": page(),
    "ui/account/keys/": page(),
    "ui/account/invitations/": page(),
    "ui/account/email/<str:token>/": at("/ui/account/email/nothing/", page(410)),
    "ui/account/terminal/": page(),
    "ui/account/terminal/answer/": Rule(POST_ONLY),
    "ui/account/terminal/<uuid:pk>/end/": at(
        "/ui/account/terminal/00000000-0000-0000-0000-000000000000/end/", Rule(POST_ONLY)
    ),
}
