"""Secrets of new keys: for whoever made the key alone, once, within an hour; then they are gone.

They stand in no status and no answer of a manifest. Encrypted at rest, under the secret that provider credentials are
encrypted under too.
"""

import secrets
import string
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from gateway import credentials
from keys.models import Key
from manifests import names
from manifests.models import KeySecret
from rbacadmin import audit
from rbacadmin.errors import NotFound
from rbacadmin.policy import Actor
from rbacadmin.service import service

LIFE = timedelta(hours=1)
SUFFIX = string.ascii_lowercase + string.digits


def keep(actor: Actor, namespace: str, wanted: str, key: Key, secret: str) -> str:
    """Keep the secret of a key that was just made; gives the name under which it is to be had."""
    name = f"{names.dns_label(wanted) or key.pk.hex[:12]}-key"
    if KeySecret.objects.filter(namespace=namespace, name=name).exists():
        name += "-" + "".join(secrets.choice(SUFFIX) for _ in range(5))
    row = KeySecret(
        namespace=namespace,
        name=name,
        key_id=key.pk,
        creator=creator_of(actor),
        expires_at=timezone.now() + LIFE,
    )
    row.sealed = credentials.seal({"key": secret}, row.pk)
    row.save()
    return name


def creator_of(actor: Actor) -> str:
    """Whose a secret is: a person's, whichever key they come with; what is held to less than its person has its own.

    Else a key for one team, or for reading, would open what its person makes with all of their rights.
    """
    whole = actor.reach is None and actor.actions_cap is None and not actor.routes
    return f"user:{actor.user_id}" if actor.user_id and whole else actor.principal


def mine(actor: Actor) -> QuerySet[KeySecret]:
    """The secrets that this actor can still have."""
    if not actor.active:
        return KeySecret.objects.none()
    return KeySecret.objects.filter(creator=creator_of(actor), expires_at__gt=timezone.now()).order_by("created_at")


@service
def take(actor: Actor, *, namespace: str, name: str) -> tuple[KeySecret, str]:
    """The secret of this name: now, and never again. Raises NotFound for everybody else's, and for one that is gone."""
    row = mine(actor).select_for_update().filter(namespace=namespace, name=name).first()
    key = Key.objects.filter(pk=row.key_id).first() if row is not None else None
    if row is None or key is None:
        raise NotFound("Secret", name)
    opened: dict[str, Any] = credentials.unseal(row.sealed, row.pk)
    KeySecret.objects.filter(pk=row.pk).delete()
    audit.record(actor, "key.secret_taken", key, secret_name=name)
    return row, str(opened["key"])


def forget() -> int:
    """Delete the secrets that nobody has taken in time, and those of keys that are gone."""
    live = Key.objects.values("pk")
    return KeySecret.objects.filter(Q(expires_at__lte=timezone.now()) | ~Q(key_id__in=live)).delete()[0]
