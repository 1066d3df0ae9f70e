"""/user/update, /user/bulk_update and passwords: each function is one request, one call, one answer."""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError

from api.litellm import translate
from api.litellm.bulk import AT_ONCE, tried
from api.litellm.memberships.asks import PersonNamed
from api.litellm.memberships.calls import named
from api.litellm.route import WIRE
from api.litellm.shown import spends
from api.litellm.translate import columns
from api.litellm.users import asks
from api.litellm.users.rows import PEOPLE, user_rows
from rbacadmin import money, policy
from rbacadmin.policy import Action, Actor
from teams import services
from teams.models import User


def update(actor: Actor, body: asks.UserUpdate) -> dict[str, Any]:
    user = policy.find(actor, Action.CHANGE_PROFILE, PEOPLE, who(body))
    return updated(actor, user, body)


def who(body: PersonNamed) -> str:
    """`user_id` names the person, and `user_email` is then the address that they shall have; alone, it names them."""
    return body.user_id or named(body)


def updated(actor: Actor, user: User, body: asks.UserFields) -> dict[str, Any]:
    """Change the person as the request says, and show them."""
    require_same_spend(user, body)
    changes = columns(body, translate.USER, leave=("user_id",))
    if isinstance(body, asks.UserUpdate):
        changes |= {"new_password": body.password, "current_password": body.current_password}
    user = services.update_user(actor, user, **changes)
    return {"user_id": user.public_id, "data": user_rows(actor, [user])[0]}


def require_same_spend(user: User, body: asks.UserFields) -> None:
    """Clients that send whole rows back name the spend too. Raises ValidationError for any other."""
    if body.spend is not None and body.spend != money.to_number(spends([user]).get(user.pk, 0)):
        raise ValidationError({"spend": "Spend is measured, and never written."})


def bulk_update(actor: Actor, body: asks.UsersUpdate) -> dict[str, Any]:
    """Each person by themselves: what one may not, the others still may."""
    if body.all_users == (body.users is not None):
        raise ValidationError({"users": "Name `users`, or `all_users` with `user_updates`."})
    if body.users is not None:
        results = [outcome(actor, who_or_none(item), item) for item in body.users]
    else:
        results = [outcome(actor, user.public_id, body.user_updates) for user in everybody(actor, body)]
    successes = sum(result["success"] for result in results)
    return {
        "results": results,
        "total_requested": len(results),
        "successful_updates": successes,
        "failed_updates": len(results) - successes,
    }


def who_or_none(item: asks.UserUpdate) -> str:
    return item.user_id or item.user_email or ""


def everybody(actor: Actor, body: asks.UsersUpdate) -> list[User]:
    """All people, when the caller may change them all and they are few enough to be changed at once."""
    policy.require(actor, Action.CHANGE_PEOPLE_LIMITS)
    if body.user_updates is None:
        raise ValidationError({"user_updates": "Say what is to be changed."})
    found = list(policy.visible(actor, Action.CHANGE_PEOPLE_LIMITS, PEOPLE).order_by("created_at", "pk")[: AT_ONCE + 1])
    if len(found) > AT_ONCE:
        raise ValidationError({"all_users": f"There are more than {AT_ONCE} people: name them in lists."})
    return found


def outcome(actor: Actor, ident: str, body: Any) -> dict[str, Any]:
    """What became of one person."""
    row, reason = tried(partial(found_and_updated, actor, ident, body), WIRE["user"])
    if reason is not None:
        named = {"user_id": ident or None, "user_email": ident.lower() if "@" in ident else None}
        return {**named, "success": False, "error": reason}
    return {"user_id": row["user_id"], "user_email": row["user_email"], "success": True, "updated_user": row}


def found_and_updated(actor: Actor, ident: str, body: asks.UserFields) -> dict[str, Any]:
    if not ident:
        raise ValidationError({"user_id": "Name a person by user_id or user_email."})
    user = policy.find(actor, Action.CHANGE_PROFILE, PEOPLE, ident)
    row: dict[str, Any] = updated(actor, user, body)["data"]
    return row


def change_password(actor: Actor, body: asks.PasswordChange) -> dict[str, Any]:
    """One's own."""
    if actor.user is None:
        raise ValidationError({"current_password": "This key belongs to nobody who could sign in."})
    user = policy.find(actor, Action.CHANGE_PROFILE, PEOPLE, actor.user.pk)
    services.change_password(actor, user, current_password=body.current_password, new_password=body.new_password)
    return {"user_id": user.public_id}


def reset_password(actor: Actor, body: asks.UserOnly) -> dict[str, Any]:
    """The path behind which the person chooses a new password, once: for the administrator to pass on."""
    user = policy.find(actor, Action.CHANGE_PEOPLE, PEOPLE, body.user_id)
    return {"user_id": user.public_id, "link": services.trigger_password_reset(actor, user)}
