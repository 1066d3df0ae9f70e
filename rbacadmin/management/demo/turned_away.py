"""Calls that the gateway turned away over the past days, so that the screen of refused calls shows what it is for."""

from datetime import timedelta
from random import Random
from uuid import UUID

from django.utils import timezone

from gateway.decisions import RefusalCount
from keys.models import Key
from rbacadmin.management.demo.build import Made

LINES = 60
DAYS = 12


def turn_away(made: list[Made], chance: Random) -> int:
    """Write counts of refusals that fit the keys: blocked, ended, held to few models or slow. Returns how many."""
    now = timezone.now()
    keys = [key for here in made for key in here.keys]
    rows = []
    for key in chance.sample(keys, LINES):
        moment = now - timedelta(days=chance.uniform(0, DAYS))
        level, level_id, status, code = reason(key)
        if status == 401 and key.expires_at and not key.blocked_by:
            moment = max(moment, key.expires_at)
        rows.append(
            RefusalCount(
                id=UUID(int=chance.getrandbits(128)),
                minute=min(moment, now).replace(second=0, microsecond=0),
                key_id=key.pk,
                key_label=key.label,
                user_id=key.user_id if key.kind == Key.Kind.PERSONAL else None,
                organization_id=key.organization_id,
                team_id=key.team_id,
                project_id=key.project_id,
                level=level,
                level_id=level_id,
                status=status,
                code=code,
                count=chance.randint(1, 40),
            )
        )
    RefusalCount.objects.bulk_create(rows)
    return len(rows)


def reason(key: Key) -> tuple[str, str, int, str]:
    """What refuses this key's calls sooner or later: level, its id, status and LiteLLM's type."""
    if key.blocked_by:
        return "key", str(key.pk), 401, "auth_error"
    if key.expires_at and key.expires_at < timezone.now():
        return "key", str(key.pk), 401, "expired_key"
    if key.rpm_limit:
        return "key", str(key.pk), 429, "rate_limit_error"
    if key.models:
        return "key", str(key.pk), 403, "key_model_access_denied"
    if key.team and key.team.models:
        return "team", str(key.team.pk), 403, "team_model_access_denied"
    return "organization", str(key.organization_id), 403, "org_model_access_denied"
