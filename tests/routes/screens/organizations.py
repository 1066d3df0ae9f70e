from tests.routes.rule import Rule, about, page, signed_in
from tests.routes.screens.address import membership_url, shared_url, url

POST_ONLY = signed_in(405)  # the method is wrong for everybody, before anything is looked up
AT = "ui/organizations/<uuid:pk>/"


def whole(name: str, **statuses: int) -> Rule:
    return about(url(name, "organization"), **statuses)


def of_member(name: str, **statuses: int) -> Rule:
    return about(membership_url(name, "organization"), **statuses)


def of_share(name: str) -> Rule:
    """It is not shared with the team."""
    return Rule(signed_in(404, member=403, auditor=403), shared_url(name, "organization"))


RULES: dict[str, Rule] = {
    "ui/organizations/": page(),
    "ui/organizations/new/": page(403, proxy_admin=200, superuser=200),
    "ui/organizations/bulk/": Rule(POST_ONLY),
    AT: whole("organization-detail"),
    f"{AT}members/": whole("organization-members"),
    f"{AT}members/bulk/": Rule(POST_ONLY, url("organization-members-bulk", "organization")),
    f"{AT}members/<uuid:member>/": Rule(POST_ONLY, membership_url("organization-member", "organization")),
    f"{AT}members/<uuid:member>/edit/": of_member("organization-member-edit", member=403, auditor=403),
    f"{AT}members/<uuid:member>/remove/": of_member("organization-member-remove", member=403, auditor=403),
    f"{AT}teams/": whole("organization-teams"),
    f"{AT}projects/": whole("organization-projects"),
    f"{AT}keys/": whole("organization-keys"),
    f"{AT}usage/": whole("organization-usage", member=403),
    f"{AT}access/": whole("organization-access", member=403),
    f"{AT}shared/": whole("organization-shared", member=403),
    f"{AT}shared/new/": whole("organization-share-new", member=403, auditor=403),
    f"{AT}shared/<uuid:team>/": of_share("organization-share"),
    f"{AT}shared/<uuid:team>/end/": of_share("organization-share-end"),
    f"{AT}history/": whole("organization-history"),
    f"{AT}import/": whole("organization-import", member=403, auditor=403),
    f"{AT}import/template/": whole("organization-import-template", member=403, auditor=403),
    f"{AT}edit/": whole("organization-edit", member=403, auditor=403),
    f"{AT}block/": Rule(POST_ONLY, url("organization-block", "organization")),
    f"{AT}unblock/": Rule(POST_ONLY, url("organization-unblock", "organization")),
    f"{AT}delete/": whole("organization-delete", member=403, org_admin=403, auditor=403),
}
