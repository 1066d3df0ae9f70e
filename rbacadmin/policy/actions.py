"""The verbs. Every yes or no in the product is about one of these; an unknown name raises."""

from django.db import models


class Action(models.TextChoices):
    """What can be asked. Fine print is a separate action: `see` is a name, `view` is the whole row."""

    # organizations
    SEE_ORGANIZATIONS = "see_organizations", "see an organization's name"
    VIEW_ORGANIZATIONS = "view_organizations", "view an organization's limits and people"
    CREATE_ORGANIZATIONS = "create_organizations", "create organizations"
    CHANGE_ORGANIZATIONS = "change_organizations", "rename an organization"
    CHANGE_ORGANIZATION_LIMITS = "change_organization_limits", "change an organization's budget and limits"
    CHANGE_ORGANIZATION_MODELS = "change_organization_models", "change an organization's models"
    DELETE_ORGANIZATIONS = "delete_organizations", "delete an organization"
    BLOCK_ORGANIZATIONS = "block_organizations", "block an organization"
    # projects
    VIEW_PROJECTS = "view_projects", "view a project"
    CREATE_PROJECTS = "create_projects", "create projects"
    CHANGE_PROJECTS = "change_projects", "rename a project"
    CHANGE_PROJECT_PLACEMENT = "change_project_placement", "change a project's namespace and assignments"
    LOWER_PROJECT_LIMITS = "lower_project_limits", "set first or lower limits of a project"
    RAISE_PROJECT_LIMITS = "raise_project_limits", "raise or clear limits of a project"
    CHANGE_PROJECT_MODELS = "change_project_models", "change a project's models"
    DELETE_PROJECTS = "delete_projects", "delete a project"
    BLOCK_PROJECTS = "block_projects", "block a project"
    # teams
    SEE_TEAMS = "see_teams", "see a team's basics"
    VIEW_TEAMS = "view_teams", "view a team's limits and people"
    CREATE_TEAMS = "create_teams", "create teams"
    CHANGE_TEAMS = "change_teams", "rename a team"
    LOWER_TEAM_LIMITS = "lower_team_limits", "set first or lower limits of a team"
    RAISE_TEAM_LIMITS = "raise_team_limits", "raise or clear limits of a team"
    CHANGE_TEAM_MODELS = "change_team_models", "change a team's global models"
    ADD_TEAM_MODELS = "add_team_models", "add a team's own models"
    VIEW_TEAM_PERMISSIONS = "view_team_permissions", "view what a team's members may do with keys"
    CHANGE_TEAM_PERMISSIONS = "change_team_permissions", "change what a team's members may do with keys"
    MOVE_TEAMS = "move_teams", "move a team to another organization"
    JOIN_TEAMS = "join_teams", "join a team that is open to everybody"
    DELETE_TEAMS = "delete_teams", "delete a team"
    BLOCK_TEAMS = "block_teams", "block a team"
    # people in a scope
    VIEW_MEMBERS = "view_members", "view members"
    MANAGE_MEMBERS = "manage_members", "add, change and remove members"
    INVITE_PEOPLE = "invite_people", "invite people by e-mail"
    CHANGE_MEMBER_LIMITS = "change_member_limits", "change members' budgets and limits"
    VIEW_INVITATIONS = "view_invitations", "view invitations"
    MANAGE_INVITATIONS = "manage_invitations", "create, resend and revoke invitations"
    # people
    VIEW_PEOPLE = "view_people", "view people"
    CREATE_PEOPLE = "create_people", "create people in an organization"
    CREATE_PLATFORM_PEOPLE = "create_platform_people", "create people outside organizations or with a platform role"
    CHANGE_PROFILE = "change_profile", "change one's own profile, password and second factor"
    CHANGE_PEOPLE = "change_people", "change people's e-mail addresses"
    CHANGE_PLATFORM_ROLES = "change_platform_roles", "change platform roles"
    CHANGE_PEOPLE_LIMITS = "change_people_limits", "change people's budgets and limits"
    BLOCK_PEOPLE = "block_people", "block people"
    DELETE_PEOPLE = "delete_people", "delete people"
    REVOKE_SESSIONS = "revoke_sessions", "end other people's sessions"
    # keys
    VIEW_KEYS = "view_keys", "view keys"
    LIST_KEYS = "list_keys", "list keys"
    CHECK_KEYS = "check_keys", "check the health of keys"
    CREATE_KEYS = "create_keys", "create keys for oneself"
    CREATE_KEYS_FOR_OTHERS = "create_keys_for_others", "create keys for other people"
    CREATE_SERVICE_KEYS = "create_service_keys", "create service account keys"
    UPDATE_KEYS = "update_keys", "update keys"
    RAISE_KEY_LIMITS = "raise_key_limits", "raise or clear limits of keys"
    MOVE_KEYS = "move_keys", "move keys to another owner, team or project"
    WIDEN_KEYS = "widen_keys", "change the routes and permissions of keys"
    DELETE_KEYS = "delete_keys", "delete keys"
    REGENERATE_KEYS = "regenerate_keys", "regenerate keys"
    BLOCK_KEYS = "block_keys", "block keys"
    UNBLOCK_KEYS = "unblock_keys", "unblock keys"
    RESET_KEY_SPEND = "reset_key_spend", "reset the spend of keys"
    # models and usage
    CALL_MODELS = "call_models", "call models"
    VIEW_MODELS = "view_models", "view models"
    MANAGE_MODELS = "manage_models", "manage the platform's models"
    VIEW_ACCESS_GROUPS = "view_access_groups", "view model access groups"
    MANAGE_ACCESS_GROUPS = "manage_access_groups", "manage model access groups"
    VIEW_BUDGETS = "view_budgets", "view shared budgets"
    MANAGE_BUDGETS = "manage_budgets", "manage shared budgets"
    VIEW_CUSTOMERS = "view_customers", "view customers"
    MANAGE_CUSTOMERS = "manage_customers", "manage customers"
    VIEW_SPEND = "view_spend", "view spend"
    RESET_SPEND = "reset_spend", "reset the spend of teams and projects"
    RECORD_USAGE = "record_usage", "record usage"
    CHECK_ADMISSION = "check_admission", "ask whether a key may call a model"
    # the record, settings and access itself
    VIEW_AUDIT = "view_audit", "view the audit log"
    EXPORT_AUDIT = "export_audit", "export the audit log"
    EXPLAIN_ACCESS = "explain_access", "explain access"
    VIEW_AS = "view_as", "view the dashboard as another person"
    VIEW_SETTINGS = "view_settings", "view settings"
    CHANGE_SETTINGS = "change_settings", "change settings"
    RUN_JOBS = "run_jobs", "run maintenance jobs"

    @property
    def is_read(self) -> bool:
        """Whether the action leaves everything as it was. Calling models spends money, so it is none."""
        return self in READS


READS = frozenset(
    action
    for action in Action
    if action.value.split("_")[0] in {"see", "view", "list", "explain", "export"} or action is Action.CHECK_KEYS
) - {Action.VIEW_AS}
EVERY = frozenset(Action)
