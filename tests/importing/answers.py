"""Rows as LiteLLM 1.109 gives them, with everything that is wrong in grown tables."""

from hashlib import sha256
from typing import Any

from tests.support.other_gateway import OtherGateway, paged

ACME = "6b0a6c1e-0000-4000-8000-00000000acme"
CORE, LONELY, NAMELESS, GONE = "team-core", "7d1f9a52-6a0b-4d6f-8f5e-3d3d5f9d0001", "team-nameless", "team-gone"
ANN, ANN_AGAIN, BOB, NOBODY = "5f0e7a10-ann", "5f0e7a10-ann-again", "bob@acme.example", "user-without-anything"
SECRET, SECOND = "sk-Ku7bT2m0zJ3WqTnY5xRfVg", "sk-a-key-that-somebody-chose"


def hashed(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def budget(**values: Any) -> dict[str, Any]:
    return {
        "budget_id": "b-1",
        **dict.fromkeys(("max_budget", "soft_budget", "max_parallel_requests", "tpm_limit", "rpm_limit")),
        "model_max_budget": None,
        "budget_duration": None,
        "budget_reset_at": None,
        **values,
    }


def user(ident: str, **values: Any) -> dict[str, Any]:
    nulls = ("user_email", "user_alias", "user_role", "sso_user_id", "max_budget", "budget_duration", "tpm_limit")
    row = {"user_id": ident, **dict.fromkeys(nulls), "models": [], "teams": [], "spend": 0.0, "metadata": {}}
    return {**row, "created_at": "2025-01-01T00:00:00Z", "key_count": 0, **values}


def team(ident: str, **values: Any) -> dict[str, Any]:
    nulls = ("team_alias", "organization_id", "max_budget", "soft_budget", "budget_duration", "tpm_limit", "rpm_limit")
    more = ("litellm_model_table", "object_permission", "router_settings", "budget_limits", "team_member_permissions")
    row = {"team_id": ident, **dict.fromkeys((*nulls, *more)), "admins": [], "members": [], "members_with_roles": []}
    return {**row, "metadata": None, "models": [], "blocked": False, "spend": 1.5, "members_count": 0, **values}


def key(secret: str, **values: Any) -> dict[str, Any]:
    nulls = ("key_alias", "user_id", "team_id", "organization_id", "project_id", "expires", "max_budget", "blocked")
    more = ("budget_duration", "tpm_limit", "rpm_limit", "max_parallel_requests", "budget_id", "litellm_budget_table")
    row = {"token": hashed(secret), "key_name": f"sk-...{secret[-4:]}", **dict.fromkeys((*nulls, *more))}
    row |= {"models": [], "aliases": {}, "permissions": {}, "metadata": {}, "allowed_routes": [], "spend": 0.25}
    return {**row, "model_max_budget": {}, "created_at": "2025-02-01T00:00:00Z", **values}


ORGANIZATIONS = [
    {
        "organization_id": ACME,
        "organization_alias": "Acme",
        "budget_id": "b-1",
        "litellm_budget_table": budget(max_budget=500.0, budget_duration="30d"),
        "models": ["gpt-4o", "claude"],
        "metadata": {"cost_center": "7", "logging": [{"callback_vars": {"langfuse_secret_key": "sk-lf-1"}}]},
        "spend": 12.0,
        "object_permission": None,
        "members": [
            {"user_id": ANN, "user_role": "org_admin", "budget_id": None, "litellm_budget_table": None},
            {"user_id": BOB, "user_role": None, "litellm_budget_table": budget(max_budget=5.0)},
            {"user_id": NOBODY, "user_role": "grand_vizier"},
            {"user_id": "gone-user", "user_role": "internal_user"},
        ],
        "teams": [],
    }
]
USERS = [
    user("default_user_id", user_role="proxy_admin"),
    user("litellm-proxy-budget"),
    user(ANN_AGAIN, user_email="Ann@Acme.example", user_role="proxy_admin", created_at="2025-03-01T00:00:00Z"),
    user(ANN, user_email="ann@acme.example", user_alias="Ann", user_role="internal_user", max_budget=20.0),
    user(BOB, user_role="internal_user_view_only"),
    user(NOBODY, user_role="customer", models=["no-default-models"], metadata=None),
    user("5f0e7a10-blocked", user_email="not an address", metadata={"scim_active": False}),
]
TEAMS = [
    team(
        CORE,
        team_alias="Core",
        organization_id=ACME,
        models=["gpt-4o", "gemini"],
        max_budget=900.0,
        tpm_limit=1000,
        team_member_permissions=["/key/info", "/key/generate", "/team/daily/activity"],
        members_with_roles=[
            {"role": "admin", "user_id": ANN, "user_email": None},
            {"role": "user", "user_id": None, "user_email": "BOB@acme.example"},
            {"role": "boss", "user_id": NOBODY},
            {"role": "user", "user_id": "default_user_id"},
            {"role": "user", "user_id": ANN_AGAIN},
        ],
        litellm_model_table={"model_aliases": {"fast": "gpt-4o"}},
        budget_limits=[{"budget_duration": "1d", "max_budget": 3}],
    ),
    team(LONELY, team_alias="Lonely", blocked=True, metadata={"tags": ["night"], "model_rpm_limit": {"gpt-4o": 9}}),
    team(NAMELESS, organization_id="org-that-is-gone"),
    team("litellm-dashboard", team_alias="UI sessions"),
]
INFO = {
    CORE: [
        {"user_id": BOB, "team_id": CORE, "spend": 0.5, "litellm_budget_table": budget(max_budget=7.5, rpm_limit=3)},
        {"user_id": ANN, "team_id": CORE, "spend": 0.0, "litellm_budget_table": None},
    ]
}
KEYS = [
    key(SECRET, key_alias="bot", user_id=ANN, team_id=CORE, models=["gpt-4o", "gemini"], max_budget=1000.0),
    key(SECOND, key_alias="chosen", team_id=LONELY, metadata={"service_account_id": "ci"}, blocked=True),
    key("sk-bobs-own-key-0001", user_id=BOB, expires="2031-01-01T00:00:00", budget_duration="soon"),
    key("sk-key-of-nobody-0001", user_id="default_user_id", allowed_routes=["llm_api_routes"]),
    key("sk-key-of-somebody-gone", user_id="gone-user", team_id=CORE, key_alias="orphan"),
    key("sk-key-of-a-gone-team", team_id=GONE, key_alias="lost"),
    key("sk-session-of-the-pages", team_id="litellm-dashboard"),
    key("sk-outsider-in-the-team", user_id=NOBODY, team_id=LONELY, key_alias="outsider"),
]


def as_litellm(gateway: OtherGateway) -> OtherGateway:
    """Let it answer as LiteLLM 1.109 does for this data."""

    def team_list(query: dict[str, str]) -> Any:
        rows = [team(GONE, team_alias="Gone")] if query.get("status") == "deleted" else TEAMS
        return paged("teams", rows)(query)

    def team_info(query: dict[str, str]) -> Any:
        row = next(one for one in TEAMS if one["team_id"] == query["team_id"])
        return 200, {"team_id": row["team_id"], "team_info": row, "team_memberships": INFO.get(row["team_id"], [])}

    gateway.answers |= {
        "/health/readiness": {"status": "healthy", "db": "connected", "litellm_version": "1.109.1"},
        "/organization/list": ORGANIZATIONS,
        "/user/list": paged("users", USERS),
        "/v2/team/list": team_list,
        "/team/info": team_info,
        "/key/list": paged("keys", KEYS, size="size", total="total_count"),
    }
    return gateway
