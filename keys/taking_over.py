"""Keys that come from another gateway: their facts, and where its hash is known, the secret that people hold."""

from typing import Any

from django.core.exceptions import ValidationError

from keys import secrets
from keys.models import Key
from keys.parents import home_of
from keys.services import draft, keep, make_account, require_minting
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service
from teams.models import Team, User


@service
def take_over_key(
    actor: Actor,
    *,
    fingerprint: str | None,
    hint: str = "",
    public_id: str = "",
    kind: str = Key.Kind.PERSONAL,
    owner: User | None = None,
    team: Team | None = None,
    project: Project | None = None,
    organization: Organization | None = None,
    **values: Any,
) -> Key:
    """A key as it was elsewhere. It opens with the secret whose SHA-256 (64 hex) is `fingerprint`.

    Without one nothing opens it until it is regenerated. Whoever chooses a fingerprint may know the secret: only
    platform admins do, and for nobody above themselves. Raises PermissionDenied, Duplicate, ValidationError.
    """
    policy.require(actor, Action.WIDEN_KEYS)
    if fingerprint is not None and not secrets.FINGERPRINT.fullmatch(fingerprint):
        raise ValidationError({"token": "A SHA-256 is 64 hexadecimal characters, in lower case."})
    home = home_of(actor, owner, team, project, organization)
    account = make_account(actor, values.get("alias", "")) if kind == Key.Kind.SERVICE else owner
    places = {"team": team, "project": project, "organization": home}
    key = draft(actor, kind, public_id=public_id, user=account, **places, **values)
    if kind == Key.Kind.PERSONAL:
        require_minting(actor, key)
    else:
        policy.require_not_above(actor, Actor.for_key(key))
    key.hash_version = secrets.UNKNOWN_VERSION if fingerprint is None else secrets.TAKEN_OVER_VERSION
    token = secrets.digest(secrets.make(kind)) if fingerprint is None else secrets.digest_of(fingerprint)
    if Key.objects.filter(token=token).exists():
        raise ValidationError({"token": "There is a key with this secret already."})
    return keep(actor, key, token, hint, taken_over=fingerprint is not None)
