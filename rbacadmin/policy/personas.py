"""Which columns of the matrix an actor plays, so that people find themselves in it."""

from uuid import UUID

from rbacadmin.policy.actor import Actor

# (scope kind, role) -> the column of whoever holds it
HELD = {
    ("organization", "org_admin"): "org_admin",
    ("organization", "internal_user"): "org_reader",
    ("organization", "internal_user_viewer"): "org_reader",
    ("team", "admin"): "team_admin",
    ("team", "user"): "team_member",
    ("project", "owner"): "project_owner",
    ("project", "member"): "project_member",
}
# The columns of platform roles. Ordinary people have one of their own only while they belong nowhere.
PLATFORM = {
    "proxy_admin": "proxy_admin",
    "proxy_admin_viewer": "proxy_admin_viewer",
    "internal_user_viewer": "internal_user_viewer",
}
FREE = "internal_user_no_team"
LABELS: dict[str, str] = {
    "proxy_admin": "Platform admin",
    "proxy_admin_viewer": "Platform viewer",
    "org_admin": "Organization admin",
    "org_reader": "Organization reader",
    "team_admin": "Team admin",
    "team_member": "Team member",
    "team_member_granted": "Team member with key rights",
    "project_owner": "Project owner",
    "project_member": "Project member",
    "internal_user_no_team": "User without a team",
    "internal_user_viewer": "Internal viewer",
    "anonymous": "Not signed in",
    "other_org_admin": "Admin elsewhere",
}


def played(actor: Actor) -> frozenset[str]:
    """The columns that say what this actor may do: one for each role that they hold anywhere."""
    if not actor.active:
        return frozenset({"anonymous"})
    found = {HELD[kind, role] for (kind, _pk), role in actor.roles.items() if (kind, role) in HELD}
    if any(is_granted(actor, pk) for (kind, pk), role in actor.roles.items() if (kind, role) == ("team", "user")):
        found.add("team_member_granted")
    if actor.platform_role in PLATFORM:
        found.add(PLATFORM[actor.platform_role])
    elif not found:
        found.add(FREE)
    return frozenset(found)


def is_granted(actor: Actor, team: UUID) -> bool:
    """Whether the people of this team hold more than the ten permissions' two defaults there."""
    return any(not action.is_read for action in actor.grants.get(("team", team), ()))
