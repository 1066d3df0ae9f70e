from tests.routes.rule import Rule, about, page, signed_in
from tests.routes.screens.address import membership_url, shared_url, url

POST_ONLY = signed_in(405)  # the method is wrong for everybody, before anything is looked up


def of_share(name: str) -> Rule:
    """It is not shared with the team."""
    return Rule(signed_in(404, member=403, auditor=403), shared_url(name, "team"))


RULES: dict[str, Rule] = {
    "ui/teams/": page(),
    "ui/teams/new/": page(403, org_admin=200, stranger=200, proxy_admin=200, superuser=200),
    "ui/teams/bulk/": Rule(POST_ONLY),
    "ui/teams/<uuid:pk>/": about(url("team-detail", "team")),
    "ui/teams/<uuid:pk>/permissions/": about(url("team-permissions", "team")),
    "ui/teams/<uuid:pk>/keys/": about(url("team-keys", "team")),
    "ui/teams/<uuid:pk>/history/": about(url("team-history", "team")),
    "ui/teams/<uuid:pk>/edit/": about(url("team-edit", "team"), member=403, auditor=403),
    "ui/teams/<uuid:pk>/move/": about(url("team-move", "team"), member=403, auditor=403, org_admin=403),
    "ui/teams/<uuid:pk>/block/": Rule(POST_ONLY, url("team-block", "team")),
    "ui/teams/<uuid:pk>/unblock/": Rule(POST_ONLY, url("team-unblock", "team")),
    "ui/teams/<uuid:pk>/reset/": about(url("team-reset", "team"), member=403, auditor=403),
    "ui/teams/<uuid:pk>/delete/": about(url("team-delete", "team"), member=403, auditor=403),
    "ui/teams/<uuid:pk>/usage/": about(url("team-usage", "team")),
    "ui/teams/<uuid:pk>/access/": about(url("team-access", "team"), member=403),
    "ui/teams/<uuid:pk>/shared/": about(url("team-shared", "team"), member=403),
    "ui/teams/<uuid:pk>/shared/new/": about(url("team-share-new", "team"), member=403, auditor=403),
    "ui/teams/<uuid:pk>/shared/<uuid:team>/": of_share("team-share"),
    "ui/teams/<uuid:pk>/shared/<uuid:team>/end/": of_share("team-share-end"),
    "ui/teams/<uuid:pk>/members/": about(url("team-members", "team")),
    "ui/teams/<uuid:pk>/members/bulk/": Rule(POST_ONLY, url("team-members-bulk", "team")),
    "ui/teams/<uuid:pk>/members/<uuid:member>/": Rule(POST_ONLY, membership_url("team-member")),
    "ui/teams/<uuid:pk>/members/<uuid:member>/edit/": about(
        membership_url("team-member-edit"), member=403, auditor=403
    ),
    "ui/teams/<uuid:pk>/members/<uuid:member>/remove/": about(
        membership_url("team-member-remove"), member=403, auditor=403
    ),
}
