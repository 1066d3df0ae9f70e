"""All operations of the administration API."""

from api.openai.administration import (
    admin_keys,
    audit_logs,
    group_roles,
    groups,
    invites,
    model_permissions,
    not_offered,
    project_groups,
    project_keys,
    project_users,
    projects,
    rate_limits,
    role_assignments,
    roles,
    service_accounts,
    usage,
    users,
)
from api.openai.administration.route import Route

NOUNS = (
    *(projects, users, project_users, service_accounts, project_keys, admin_keys, invites, rate_limits),
    *(model_permissions, roles, role_assignments, groups, project_groups, group_roles, audit_logs, usage, not_offered),
)
ROUTES: tuple[Route, ...] = tuple(route for noun in NOUNS for route in noun.ROUTES)
