"""Rows of OpenAI's administration API: a path that names nothing (`x`), and nothing said of the organization.

Who belongs to one organization acts in it; who sees several is asked for one (400), who sees none is refused.
"""

from tests.routes.rule import Rule, at, dialect

PLATFORM = {"loner": 403, "proxy_admin": 400, "auditor": 400, "superuser": 400}
ORGANIZATION, PROJECT, ROLES = "v1/organization", "v1/organization/projects/<str:project_id>", "v1/projects"
OF_PROJECT = f"{ROLES}/<str:project_id>"

# Path and its methods, the first of which is asked.
LISTS: dict[str, tuple[str, ...]] = {
    f"{ORGANIZATION}/projects": ("GET", "POST"),
    f"{ORGANIZATION}/users": ("GET",),
    f"{ORGANIZATION}/admin_api_keys": ("GET", "POST"),
    f"{ORGANIZATION}/invites": ("GET", "POST"),
    f"{ORGANIZATION}/roles": ("GET", "POST"),
    f"{ORGANIZATION}/groups": ("GET", "POST"),
    f"{ORGANIZATION}/audit_logs": ("GET",),
}
USAGE: dict[str, tuple[str, ...]] = {  # which asks for a time
    f"{ORGANIZATION}/costs": ("GET",),
    **{
        f"{ORGANIZATION}/usage/{kind}": ("GET",)
        for kind in (
            *("audio_speeches", "audio_transcriptions", "code_interpreter_sessions", "completions", "decisions"),
            *("embeddings", "file_search_calls", "images", "moderations", "vector_stores", "web_search_calls"),
        )
    },
}
ALL = ("GET", "POST", "DELETE")
NAMED: dict[str, tuple[str, ...]] = {
    PROJECT: ("GET", "POST"),
    f"{PROJECT}/archive": ("POST",),
    f"{PROJECT}/users": ("GET", "POST"),
    f"{PROJECT}/users/<str:user_id>": ALL,
    f"{PROJECT}/service_accounts": ("GET", "POST"),
    f"{PROJECT}/service_accounts/<str:service_account_id>": ALL,
    f"{PROJECT}/service_accounts/<str:service_account_id>/api_keys": ("POST",),
    f"{PROJECT}/api_keys": ("GET",),
    f"{PROJECT}/api_keys/<str:key_id>": ALL,
    f"{PROJECT}/rate_limits": ("GET",),
    f"{PROJECT}/rate_limits/<str:rate_limit_id>": ("POST",),
    f"{PROJECT}/model_permissions": ALL,
    f"{ORGANIZATION}/users/<str:user_id>": ALL,
    f"{ORGANIZATION}/users/<str:user_id>/roles": ("GET", "POST"),
    f"{ORGANIZATION}/users/<str:user_id>/roles/<str:role_id>": ("GET", "DELETE"),
    f"{ORGANIZATION}/admin_api_keys/<str:key_id>": ("GET", "DELETE"),
    f"{ORGANIZATION}/invites/<str:invite_id>": ("GET", "DELETE"),
    f"{ORGANIZATION}/roles/<str:role_id>": ALL,
    f"{OF_PROJECT}/roles": ("GET", "POST"),
    f"{OF_PROJECT}/roles/<str:role_id>": ALL,
    f"{OF_PROJECT}/users/<str:user_id>/roles": ("GET", "POST"),
    f"{OF_PROJECT}/users/<str:user_id>/roles/<str:role_id>": ("GET", "DELETE"),
    f"{OF_PROJECT}/groups/<str:group_id>/roles": ("GET", "POST"),
    f"{OF_PROJECT}/groups/<str:group_id>/roles/<str:role_id>": ("GET", "DELETE"),
    f"{ORGANIZATION}/groups/<str:group_id>": ALL,
    f"{ORGANIZATION}/groups/<str:group_id>/users": ("GET", "POST"),
    f"{ORGANIZATION}/groups/<str:group_id>/roles": ("GET", "POST"),
    f"{ORGANIZATION}/groups/<str:group_id>/roles/<str:role_id>": ("GET", "DELETE"),
    f"{PROJECT}/groups": ("GET", "POST"),
    f"{PROJECT}/groups/<str:group_id>": ("GET", "DELETE"),
    f"{ORGANIZATION}/groups/<str:group_id>/users/<str:user_id>": ("GET", "DELETE"),
}


def address(route: str) -> str:
    """The path with `x` for every name in it."""
    return "/" + "/".join("x" if part.startswith("<") else part for part in route.split("/"))


def rows(table: dict[str, tuple[str, ...]], status: int, **others: int) -> dict[str, Rule]:
    return {route: at(address(route), dialect(status, *methods, **others)) for route, methods in table.items()}


# What OpenAI has besides, and nobody here: 501, whatever the organization.
NOT_OFFERED = at("/v1/organization/certificates", dialect(501, *ALL))
ROWS: dict[str, Rule] = {
    **rows(LISTS, 200, **PLATFORM),
    **rows(USAGE, 400, loner=403),
    **rows(NAMED, 404, **PLATFORM),
    f"{ORGANIZATION}/<path:rest>": NOT_OFFERED,
}
