from django.urls import reverse

from tests.routes.rule import Rule, about, page, signed_in
from tests.routes.screens.address import membership_url, shared_url, url
from tests.world import World

POST_ONLY = signed_in(405)  # the method is wrong for everybody, before anything is looked up
AT = "ui/projects/<uuid:pk>/"


def whole(name: str, **statuses: int) -> Rule:
    """The team's member is not in the project."""
    return about(url(name, "project"), member=404, **statuses)


def of_member(name: str) -> Rule:
    return about(membership_url(name, "project"), member=404, auditor=403)


def of_account(name: str) -> Rule:
    def address(world: World) -> str:
        return reverse(name, args=[world.here.project.pk, world.here.keys["project_service"].user_id])

    return about(address, member=404, auditor=403)


def of_share(name: str) -> Rule:
    """It is not shared with the team."""
    return Rule(signed_in(404, auditor=403), shared_url(name, "project"))


RULES: dict[str, Rule] = {
    "ui/projects/": page(),
    "ui/projects/new/": page(403, org_admin=200, stranger=200, proxy_admin=200, superuser=200),
    "ui/projects/bulk/": Rule(POST_ONLY),
    AT: whole("project-detail"),
    f"{AT}members/": whole("project-members"),
    f"{AT}members/bulk/": Rule(POST_ONLY, url("project-members-bulk", "project")),
    f"{AT}members/<uuid:member>/": Rule(POST_ONLY, membership_url("project-member", "project")),
    f"{AT}members/<uuid:member>/edit/": of_member("project-member-edit"),
    f"{AT}members/<uuid:member>/remove/": of_member("project-member-remove"),
    f"{AT}keys/": whole("project-keys"),
    f"{AT}service-accounts/": whole("project-service-accounts"),
    f"{AT}service-accounts/new/": whole("project-service-account-new", auditor=403),
    f"{AT}service-accounts/<uuid:account>/keys/new/": of_account("project-service-account-key-new"),
    f"{AT}service-accounts/<uuid:account>/rename/": of_account("project-service-account-rename"),
    f"{AT}service-accounts/<uuid:account>/delete/": of_account("project-service-account-delete"),
    f"{AT}usage/": whole("project-usage"),
    f"{AT}access/": whole("project-access"),
    f"{AT}shared/": whole("project-shared"),
    f"{AT}shared/new/": whole("project-share-new", auditor=403),
    f"{AT}shared/<uuid:team>/": of_share("project-share"),
    f"{AT}shared/<uuid:team>/end/": of_share("project-share-end"),
    f"{AT}history/": whole("project-history"),
    f"{AT}reset/": whole("project-reset", auditor=403),
    f"{AT}edit/": whole("project-edit", auditor=403),
    f"{AT}block/": Rule(POST_ONLY, url("project-block", "project")),
    f"{AT}unblock/": Rule(POST_ONLY, url("project-unblock", "project")),
    f"{AT}delete/": whole("project-delete", auditor=403),
}
