"""Django's settings. What an installation may choose stands in `rbacadmin/conf.py`."""

from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.utils.translation import get_language_info, to_language

from rbacadmin.call_settings import *  # noqa: F403
from rbacadmin.conf import BASE_DIR, conf

SECRET_KEY = conf.secret_key
KEY_PEPPER = conf.key_pepper
TAKEN_OVER_KEYS = conf.taken_over_keys
CREDENTIAL_KEY = conf.credential_key
PREVIOUS_CREDENTIAL_KEYS = conf.previous_credential_keys
MASTER_KEY = conf.master_key
AVAILABLE_TEAMS = conf.available_teams
TEAM_ADMIN_EDITABLE_TEAM_FIELDS: list[str] = [*conf.team_admin_editable_team_fields]
ADD_CREATOR_TO_TEAMS = conf.add_creator_to_teams
REFUSALS_KEPT_DAYS, USAGE_KEPT_DAYS, TERMINAL_DAYS = conf.refusals_kept_days, conf.usage_kept_days, conf.terminal_days
INSTANCE = (conf.instance_namespace, conf.instance_name)  # this server, as manifests name it
LISTEN_URL = conf.listen_url
PRODUCTION = bool(conf.production)
DEBUG = conf.debug and not PRODUCTION
LOCAL_HOSTS = ["localhost", "127.0.0.1", "0.0.0.0", "[::1]"]  # noqa: S104  (names that a local client may send)
ALLOWED_HOSTS = conf.allowed_hosts or ([] if PRODUCTION else LOCAL_HOSTS)
CSRF_TRUSTED_ORIGINS = conf.trusted_origins

INSTALLED_APPS = [
    "rbacadmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.admin",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "guardian",
    "orgs",
    "teams",
    "keys",
    "gateway",
    "manifests",
    "dashboard",
    "api",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rbacadmin.http.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "rbacadmin.http.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "rbacadmin.views.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "rbacadmin.urls"
WSGI_APPLICATION = "rbacadmin.wsgi.application"
APPEND_SLASH = False  # the dialects' paths have no slash; a redirect would turn a POST into a GET

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rbacadmin.views.page_context",
                "dashboard.context.header",
            ],
        },
    }
]

SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
}
# No pepper in a pool that holds more connections than the server gives: 16 serve 64 threads (they mostly wait).
POSTGRESQL_OPTIONS: dict[str, Any] = {
    "pool": {"min_size": 1, "max_size": 16, "timeout": 10},
    "server_side_binding": True,
}


def database(url: str) -> dict[str, Any]:
    """The database settings for a URL; empty means SQLite in the data folder."""
    if not url:
        path = conf.var_dir / "db.sqlite3"
        return {"ENGINE": "rbacadmin.db.sqlite3", "NAME": path, "OPTIONS": SQLITE_OPTIONS}
    parsed: dict[str, Any] = dict(dj_database_url.parse(url))
    if parsed["ENGINE"] == "django.db.backends.sqlite3":
        return parsed | {"ENGINE": "rbacadmin.db.sqlite3", "OPTIONS": SQLITE_OPTIONS}
    return parsed | {"CONN_MAX_AGE": 0, "OPTIONS": parsed.get("OPTIONS", {}) | POSTGRESQL_OPTIONS}


DATABASES = {"default": database(conf.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in limits must hold in every process, so they count in the database unless there is Redis.
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": conf.redis_url}
        if conf.redis_url
        else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}
    )
}

AUTH_USER_MODEL = "teams.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "rbacadmin.policy.backend.PolicyBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
ANONYMOUS_USER_NAME = None
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # PolicyBackend answers instead of guardian's, which knows no caps

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "teams.sign_in.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "teams.sign_in.SocialAccountAdapter"
MFA_ADAPTER = "teams.second_factors.FactorAdapter"
MFA_FORMS = {"add_webauthn": "teams.second_factors.AddPasskeyForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # administrators name the addresses; nobody signs up by themselves
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_CHANGE_EMAIL = False
# Per address only: a limit per account would let anyone lock a victim out.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,60/h/ip",
    "reset_password": "10/h/ip",
    "signup": "5/h/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = conf.trusted_proxies
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SSO_PROVIDER = "sso"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if conf.oidc_issuer:
    single_sign_on = {
        "provider_id": SSO_PROVIDER,
        "name": conf.oidc_name,
        "client_id": conf.oidc_client_id,
        "secret": conf.oidc_client_secret,
        "settings": {"server_url": conf.oidc_issuer, "oauth_pkce_enabled": True},
    }
    SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [single_sign_on]}}
SSO_ROLE_MAPPING = conf.role_mapping.model_dump() if conf.role_mapping else None
SSO_TEAM_MAPPING = conf.team_mapping.model_dump() if conf.team_mapping else None
JWT_ISSUERS = conf.issuers if conf.enable_jwt_auth else []
JWT_AUTH = conf.litellm_jwtauth
JWT_PRIVATE_HOSTS = conf.jwt_allow_private_keys_host
ROLE_PERMISSIONS = conf.role_permissions
TEAM_DEFAULTS = conf.default_team_settings
USER_DEFAULTS = conf.default_internal_user_params
KEY_DEFAULTS = conf.default_key_generate_params
KEY_BOUNDS = conf.upperbound_key_generate_params
MODEL_LIST = conf.model_list
STORE_MODEL_IN_DB = conf.store_model_in_db
USERSESSIONS_TRACK_ACTIVITY = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = bool(conf.https)
CSRF_COOKIE_SECURE = bool(conf.https)
SECURE_SSL_REDIRECT = bool(conf.https) and PRODUCTION and conf.trusted_proxies == 0
SECURE_HSTS_SECONDS = 31536000 if conf.https and PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = bool(SECURE_HSTS_SECONDS)
SECURE_HSTS_PRELOAD = bool(SECURE_HSTS_SECONDS)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if conf.trusted_proxies else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
# English, and every language whose catalogue somebody has put into `locale/` and compiled.
LOCALE_PATHS = [BASE_DIR / "locale"]
CATALOGUES = sorted(path.parent.parent.name for path in LOCALE_PATHS[0].glob("*/LC_MESSAGES/django.mo"))
LANGUAGES = [
    (LANGUAGE_CODE, "English"),
    *((to_language(name), get_language_info(to_language(name))["name_local"]) for name in CATALOGUES),
]
USE_I18N = bool(CATALOGUES)  # looking every text up where there is nothing to find takes a sixth of a page's time
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = conf.var_dir / "static"
STATICFILES_DIRS = [path for path in (BASE_DIR / "static",) if path.is_dir()]  # else in the package
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if conf.email_url
    else "django.core.mail.backends.console.EmailBackend"
)
if conf.email_url:
    mail = urlsplit(conf.email_url)
    EMAIL_HOST, EMAIL_PORT = mail.hostname or "localhost", mail.port or (465 if mail.scheme == "smtps" else 587)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(mail.username or ""), unquote(mail.password or "")
    EMAIL_USE_SSL = mail.scheme == "smtps"
    EMAIL_USE_TLS = mail.scheme == "smtp+tls"
DEFAULT_FROM_EMAIL = conf.email_from

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["api.auth.HasActor"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parser.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "rbacadmin",
    "DESCRIPTION": "Who may use which model, with which key, at what cost, and who may change that.",
    "VERSION": "0.1.0",
    "OAS_VERSION": "3.1.0",  # pydantic writes the JSON Schema of 3.1
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "api.openai.schema.add_calls"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "rbacadmin.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": conf.log_level},
}
