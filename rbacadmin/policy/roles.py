"""What each role means. A role's bundle applies to everything beneath the scope on which it is held.

Source: the authorization matrix (`matrix.csv` beside this file), whose ids stand behind the less obvious lines.
"""

from uuid import UUID

from rbacadmin.policy.actions import EVERY, READS
from rbacadmin.policy.actions import Action as A

Bundle = frozenset[A]

# The organization that bootstrap makes. Its admins may create organizations (ORG-01), so policy has to know it.
INITIAL_ORGANIZATION = UUID("00000000-0000-4000-8000-000000000001")

KEY_READS: Bundle = frozenset({A.VIEW_KEYS, A.LIST_KEYS, A.CHECK_KEYS})
KEY_WRITES: Bundle = frozenset({A.UPDATE_KEYS, A.DELETE_KEYS, A.REGENERATE_KEYS, A.BLOCK_KEYS, A.UNBLOCK_KEYS})

TEAM_USER: Bundle = frozenset({A.SEE_TEAMS, A.VIEW_TEAM_PERMISSIONS, A.CALL_MODELS, A.VIEW_MODELS})
TEAM_ADMIN: Bundle = (
    TEAM_USER
    | KEY_READS
    | KEY_WRITES
    | {A.VIEW_TEAMS, A.CHANGE_TEAMS, A.LOWER_TEAM_LIMITS, A.ADD_TEAM_MODELS, A.CHANGE_TEAM_PERMISSIONS}
    | {
        A.VIEW_MEMBERS,
        A.MANAGE_MEMBERS,
        A.INVITE_PEOPLE,
        A.CHANGE_MEMBER_LIMITS,
        A.VIEW_INVITATIONS,
        A.MANAGE_INVITATIONS,
    }
    | {A.CREATE_KEYS, A.CREATE_KEYS_FOR_OTHERS, A.CREATE_SERVICE_KEYS, A.RAISE_KEY_LIMITS, A.VIEW_ACCESS_GROUPS}
    | {A.VIEW_PEOPLE, A.VIEW_SPEND, A.VIEW_AUDIT, A.EXPLAIN_ACCESS}
)
PROJECT_MEMBER: Bundle = frozenset({A.VIEW_PROJECTS, A.CREATE_KEYS, A.CALL_MODELS, A.VIEW_MODELS})
PROJECT_OWNER: Bundle = (
    PROJECT_MEMBER
    | KEY_READS
    | KEY_WRITES
    | {
        A.CHANGE_PROJECTS,
        A.LOWER_PROJECT_LIMITS,
        A.CREATE_SERVICE_KEYS,
        A.RAISE_KEY_LIMITS,
        A.VIEW_MEMBERS,
        A.MANAGE_MEMBERS,
    }
    | {A.CHANGE_MEMBER_LIMITS, A.VIEW_PEOPLE, A.VIEW_SPEND, A.VIEW_AUDIT, A.EXPLAIN_ACCESS, A.VIEW_ACCESS_GROUPS}
)
ORG_READER: Bundle = frozenset({A.SEE_ORGANIZATIONS})  # rulebook 7: the name and the own membership
ORG_ADMIN: Bundle = (
    ORG_READER
    | TEAM_ADMIN
    | PROJECT_OWNER
    | {A.VIEW_ORGANIZATIONS, A.CHANGE_ORGANIZATIONS, A.CREATE_PEOPLE, A.EXPORT_AUDIT}
    | {A.CREATE_TEAMS, A.RAISE_TEAM_LIMITS, A.CHANGE_TEAM_MODELS, A.DELETE_TEAMS, A.BLOCK_TEAMS}
    | {A.CREATE_PROJECTS, A.CHANGE_PROJECT_PLACEMENT, A.RAISE_PROJECT_LIMITS, A.CHANGE_PROJECT_MODELS}
    | {A.DELETE_PROJECTS, A.BLOCK_PROJECTS, A.MOVE_KEYS, A.RESET_KEY_SPEND, A.RESET_SPEND}
)

# A service key calls models and reads itself and its scope's basics (rulebook 16); a JWT `team` its team's too.
SERVICE_TEAM: Bundle = frozenset({A.SEE_TEAMS, A.CALL_MODELS, A.VIEW_MODELS})
SERVICE_PROJECT: Bundle = frozenset({A.VIEW_PROJECTS, A.CALL_MODELS, A.VIEW_MODELS})
JWT_TEAM: Bundle = frozenset({A.SEE_TEAMS, A.VIEW_SPEND, A.CALL_MODELS, A.VIEW_MODELS})

# scope kind -> role -> bundle. Roles that a person can hold come first; the others belong to keys and tokens.
ROLES: dict[str, dict[str, Bundle]] = {
    "organization": {"org_admin": ORG_ADMIN, "internal_user": ORG_READER, "internal_user_viewer": ORG_READER},
    "team": {"admin": TEAM_ADMIN, "user": TEAM_USER, "service": SERVICE_TEAM, "token": JWT_TEAM},
    "project": {"owner": PROJECT_OWNER, "member": PROJECT_MEMBER, "service": SERVICE_PROJECT},
}
SCOPED_ROLES: dict[str, tuple[str, ...]] = {
    "organization": ("org_admin", "internal_user", "internal_user_viewer"),
    "team": ("admin", "user"),
    "project": ("owner", "member"),
}
LEADING_ROLE = {"organization": "org_admin", "team": "admin", "project": "owner"}
LEADING_PLATFORM_ROLE = "proxy_admin"

# What a role brings on a scope other than its own: only the initial organization has something to give.
PLATFORM_BY_ROLE: dict[tuple[str, UUID, str], Bundle] = {
    ("organization", INITIAL_ORGANIZATION, "org_admin"): frozenset({A.CREATE_ORGANIZATIONS}),
}

# Usage is written by the gateway's own credential (SPD-06); everything else is the proxy admin's.
PLATFORM: dict[str, Bundle] = {
    "proxy_admin": EVERY - {A.RECORD_USAGE},
    "proxy_admin_viewer": READS,
    "internal_user": frozenset(),
    "internal_user_viewer": frozenset(),
    "gateway": frozenset({A.CHECK_ADMISSION, A.RECORD_USAGE}),
}
PLATFORM_ROLES = ("proxy_admin", "proxy_admin_viewer", "internal_user", "internal_user_viewer")

# Caps: what a platform role never exceeds, whatever else it holds (rulebook 4).
CAPS: dict[str, Bundle] = {"proxy_admin_viewer": READS | {A.CHANGE_PROFILE}}

# Ownership. Personal keys follow the platform role, keys in a team only its grants (rulebook 3), and in a project
# a member manages their own (KEY-33, KEY-34).
OWNER_BOUND: Bundle = KEY_READS | {A.VIEW_SPEND}
OWNER_PROJECT: Bundle = OWNER_BOUND | KEY_WRITES
OWNER_PERSONAL: dict[str, Bundle] = {
    "proxy_admin": OWNER_BOUND | KEY_WRITES,
    "proxy_admin_viewer": OWNER_BOUND,
    "internal_user": OWNER_BOUND | KEY_WRITES,
    "internal_user_viewer": OWNER_BOUND,
}
OWNER_SELF: Bundle = frozenset({A.VIEW_PEOPLE, A.CHANGE_PROFILE, A.VIEW_SPEND, A.VIEW_AUDIT, A.EXPLAIN_ACCESS})
# CREATE_KEYS asked on oneself is "a personal key": who only views makes none (KEY-01).
# JOIN_TEAMS on oneself is for whoever a membership may give something to; which teams are open says the configuration.
SELF_BY_ROLE: dict[str, Bundle] = {
    "proxy_admin": OWNER_SELF | {A.CREATE_KEYS, A.JOIN_TEAMS},
    "proxy_admin_viewer": OWNER_SELF,
    "internal_user": OWNER_SELF | {A.CREATE_KEYS, A.JOIN_TEAMS},
    "internal_user_viewer": OWNER_SELF | {A.JOIN_TEAMS},
}

# A personal key is carried by an organization: its admins see, block and delete it, no more (rulebook 16, KEY-31).
CARRIED: Bundle = KEY_READS | {A.BLOCK_KEYS, A.UNBLOCK_KEYS, A.DELETE_KEYS, A.VIEW_SPEND, A.VIEW_AUDIT}

# What may be granted on a scope beyond roles, to a group: whatever its leading role means, and nothing else.
GRANTABLE: dict[str, tuple[A, ...]] = {kind: tuple(sorted(ROLES[kind][role])) for kind, role in LEADING_ROLE.items()}

# What a team's own group is granted: the ten key routes of seed 003, in its order.
MEMBER_ACTIONS = (
    *(A.VIEW_KEYS, A.CHECK_KEYS, A.LIST_KEYS, A.CREATE_KEYS, A.CREATE_SERVICE_KEYS),
    *(A.UPDATE_KEYS, A.DELETE_KEYS, A.REGENERATE_KEYS, A.BLOCK_KEYS, A.UNBLOCK_KEYS),
)

MEANINGS: dict[str, str] = {
    "proxy_admin": "runs the whole platform",
    "proxy_admin_viewer": "sees everything, changes nothing",
    "internal_user": "manages their own keys",
    "internal_user_viewer": "sees their own keys and spend",
    "org_admin": "manages teams, projects and people of the organization",
    "admin": "manages the team's members, keys and settings",
    "user": "uses the team's models; key rights as the team allows",
    "owner": "manages the project's members and keys",
    "member": "uses the project and manages their own keys in it",
}


def distinct_roles(kind: str) -> list[str]:
    """The roles on a kind of scope that differ in what they mean, the smallest first."""
    distinct: dict[Bundle, str] = {}
    for role in SCOPED_ROLES[kind]:
        distinct.setdefault(ROLES[kind][role], role)
    return list(reversed(distinct.values()))
