from tests.routes.rule import Rule, about, page, signed_in
from tests.routes.screens.address import membership_url, url

RULES: dict[str, Rule] = {
    "ui/teams/": page(),
    "ui/teams/<uuid:pk>/": about(url("team-detail", "team")),
    "ui/teams/<uuid:pk>/members/": about(url("team-members", "team")),
    # POST only: the method is wrong for everybody, before anything is looked up
    "ui/teams/<uuid:pk>/members/<uuid:member>/": Rule(signed_in(405), membership_url("team-member")),
    "ui/teams/<uuid:pk>/members/<uuid:member>/edit/": about(
        membership_url("team-member-edit"), member=403, auditor=403
    ),
    "ui/teams/<uuid:pk>/members/<uuid:member>/remove/": about(
        membership_url("team-member-remove"), member=403, auditor=403
    ),
}
