"""What `manage.py check` says about a configuration, in words that name the setting."""

from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register, run_checks
from django.core.exceptions import ValidationError

from rbacadmin.conf import Conf, conf, file_place

CONFIGURATION = "configuration"  # the tag of checks that a start must pass


@register()
def hosts(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    return check_hosts(conf)


def check_hosts(conf: Conf) -> list[CheckMessage]:
    """A production server that knows no host names answers nobody."""
    if not conf.production or conf.allowed_hosts:
        return []
    hint = 'Set RBACADMIN_ALLOWED_HOSTS to the names of this server, for example ["access.example.com"].'
    return [Error("RBACADMIN_ALLOWED_HOSTS is empty.", hint=hint, id="rbacadmin.E002")]


@register(CONFIGURATION)
def member_permissions(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """Unknown names in what members of new teams may do."""
    from rbacadmin.member_permissions import to_actions

    named = conf.default_team_settings.team_member_permissions if conf.default_team_settings else None
    try:
        to_actions(named)
    except ValidationError as error:
        place = file_place("default_team_settings", "team_member_permissions")
        return [Error(f"{place}: {' '.join(error.messages)}", id="rbacadmin.E005")]
    return []


def require_safe_start(conf: Conf) -> None:
    """Stop a start that the checks find unsafe, naming the setting. Servers that skip `manage.py check` come here."""
    found = [*check_master_key(conf), *check_hosts(conf), *run_checks(tags=[CONFIGURATION])]
    if serious := [problem for problem in found if problem.is_serious()]:
        raise SystemExit("\n".join(f"{problem.msg} {problem.hint or ''}".strip() for problem in serious))


@register()
def limits(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    return check_limits(conf)


def check_limits(conf: Conf) -> list[CheckMessage]:
    """Several processes without Redis divide every rate limit, which a key that always meets the same one will feel."""
    if conf.processes == 1 or conf.redis_url:
        return []
    text = f"Rate limits are divided by {conf.processes}: that many processes serve, and REDIS_URL is empty."
    hint = "Set REDIS_URL to a Redis or Valkey server that all of them reach, or RBACADMIN_PROCESSES to 1."
    return [Warning(text, hint=hint, id="rbacadmin.W003")]


@register()
def master_key(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    return check_master_key(conf)


def check_master_key(conf: Conf) -> list[CheckMessage]:
    """A sample or short master key warns on a loopback address and stops a production start."""
    if not conf.sample_master_key:
        return []
    text = "RBACADMIN_MASTER_KEY is a sample or short key: anyone can guess it."
    hint = "Set RBACADMIN_MASTER_KEY to at least 16 random characters, or leave it empty."
    if conf.production:
        return [Error(text, hint=hint, id="rbacadmin.E001")]
    return [Warning(text, hint=hint, id="rbacadmin.W001")]
