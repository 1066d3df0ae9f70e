"""Every page that the dashboard has for somebody of the cast, for walking through."""

from rbacadmin import policy
from rbacadmin.policy import Action
from tests.world import World

LISTS = (
    "/ui/",
    "/ui/organizations/",
    "/ui/organizations/?q=nothing+of+that+name",
    "/ui/projects/",
    "/ui/projects/new/",
    "/ui/organizations/new/",
    "/ui/teams/",
    "/ui/teams/new/",  # for some a 403
    "/ui/people/",
    "/ui/people/?q=nobody+of+that+name",
    "/ui/people/new/",  # for some a 403
    "/ui/people/invitations/",
    "/ui/keys/",
    "/ui/keys/new/",
    "/ui/context/",
    "/ui/settings/claims/",  # for some a 403
    "/ui/usage/",
    "/ui/models/",
    "/ui/models/groups/",
    "/ui/audit/",
    "/ui/access/permissions/",
    "/ui/hygiene/",
    "/ui/find/",
    "/ui/tasks/",
)
ACCOUNT = (
    "/ui/account/",
    "/ui/account/password/",
    "/ui/account/keys/",
    "/ui/account/invitations/",
    "/ui/account/terminal/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/sessions/",
    "/accounts/logout/",
)
OUTSIDE = (
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/link/spent/link/",
    "/accounts/invitation/spent/",
)


def places(world: World, name: str) -> list[str]:
    """The pages that this person may open."""
    actor = world.actor(name)
    found = [*LISTS, *ACCOUNT, "/ui/no-such-page/"]
    if policy.can(actor, Action.SEE_ORGANIZATIONS, world.organization):
        at = f"/ui/organizations/{world.organization.pk}/"
        found += [f"{at}{section}" for section in ("", "members/", "teams/", "projects/", "keys/", "history/")]
        found += [f"{at}{verb}/" for verb in ("edit", "delete", "import")]  # for some a 403
    if policy.can(actor, Action.VIEW_PROJECTS, world.project):
        at = f"/ui/projects/{world.project.pk}/"
        found += [
            f"{at}{section}"
            for section in ("", "members/", "keys/", "service-accounts/", "usage/", "access/", "history/")
        ]
        found += [f"{at}shared/", f"{at}shared/new/"]  # for some a 403
        account = f"{at}service-accounts/{world.here.keys['project_service'].user_id}/"
        found += [f"{at}service-accounts/new/", *(f"{account}{verb}/" for verb in ("keys/new", "rename", "delete"))]
        found += [f"{at}{verb}/" for verb in ("edit", "reset", "delete")]
    if policy.can(actor, Action.VIEW_PEOPLE, world.member):
        at = f"/ui/people/{world.member.pk}/"
        found += [
            at,
            f"{at}limits/",
            f"{at}usage/",
            f"{at}keys/",
            f"{at}history/",
            f"{at}sessions/",
            f"{at}invite/",
        ]  # for some a 403
        found += [f"{at}edit/", f"{at}email/", f"{at}block/", f"{at}reset/", f"{at}delete/"]
    key = world.here.keys["member_team"]
    if policy.can(actor, Action.VIEW_KEYS, key):
        at = f"/ui/keys/{key.pk}/"
        found += [
            at,
            f"{at}usage/",
            f"{at}history/",
            f"{at}edit/",
            f"{at}regenerate/",
            f"{at}delete/",
        ]  # for some a 403
    model = world.catalog["here_team"]
    if policy.can(actor, Action.VIEW_MODELS, model):
        at = f"/ui/models/{model.pk}/"
        found += [at, f"{at}edit/", f"{at}delete/", f"/ui/models/new/?team={world.team.pk}"]  # for some a 403
    if policy.can(actor, Action.SEE_TEAMS, world.team):
        at = f"/ui/teams/{world.team.pk}/"
        found += [
            at,
            f"{at}members/",
            f"{at}permissions/",
            f"{at}keys/",
            f"{at}usage/",
            f"{at}access/",
            f"{at}history/",
        ]
        found += [f"{at}edit/", f"{at}move/", f"{at}reset/", f"{at}delete/"]  # for some a 403
        found += [f"{at}shared/", f"{at}shared/new/"]
        member = world.member.memberships.get(team=world.team)
        found.append(f"/ui/teams/{world.team.pk}/members/{member.pk}/remove/")  # for some a 403
    if policy.can(actor, Action.VIEW_SETTINGS):
        found.append("/ui/settings/")
    for row, action, at in (
        (world.catalog["budget"], Action.VIEW_BUDGETS, "/ui/budgets/"),
        (world.catalog["customer"], Action.VIEW_CUSTOMERS, "/ui/customers/"),
    ):
        if policy.can(actor, action):
            found += [at, f"{at}new/", *(f"{at}{row.pk}/{section}" for section in ("", "history/", "edit/", "delete/"))]
    return found
