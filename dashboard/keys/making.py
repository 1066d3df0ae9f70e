"""From the form of a new key to the service that makes it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from dashboard.keys.forms import NewKeyForm
from keys import services
from keys.models import Key
from rbacadmin import policy
from rbacadmin.errors import NotFound
from rbacadmin.policy import Action, Actor
from teams.models import User


def require_making(actor: Actor) -> None:
    """Raise PermissionDenied for whoever can make no key at all: a form that must fail is not shown (KEY-01)."""
    if not policy.can_somewhere(actor, Action.CREATE_KEYS):
        policy.require(actor, Action.CREATE_KEYS, actor.user)


def make(actor: Actor, form: NewKeyForm) -> tuple[Key, str]:
    """The key and its secret. Raises ValidationError, PermissionDenied, NotFound."""
    place, values, kind = form.place(), form.values(), form.cleaned_data["owner"]
    if kind == "service":
        place.pop("organization", None)
        return services.generate_service_key(actor, **place, **values)
    owner = actor.user if kind != "person" else person_named(actor, form.cleaned_data["person"])
    return services.generate_key(actor, owner=owner, **place, **values)


def person_named(actor: Actor, ident: str) -> User:
    """The person for whom a key is made. Raises ValidationError next to the field."""
    people = User.objects.people()
    try:
        return policy.find(actor, Action.VIEW_PEOPLE, people, ident.strip())
    except NotFound as error:
        raise ValidationError({"user_id": _("Nobody that you can see has this e-mail or id.")}) from error
