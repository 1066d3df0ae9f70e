"""What a question is about: finding a row by the words that people know it by."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gateway.models import CatalogModel, ModelAccessGroup
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.models import fold
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.applies import ACTIONS_OF
from teams.models import Team, User

KINDS: dict[str, Any] = {
    "organization": Organization,
    "project": Project,
    "team": Team,
    "key": Key,
    "user": User,
    "model": CatalogModel,
    "group": ModelAccessGroup,
}
KIND_CHOICES = [
    ("", gettext_lazy("the platform")),
    ("organization", gettext_lazy("an organization")),
    ("project", gettext_lazy("a project")),
    ("team", gettext_lazy("a team")),
    ("key", gettext_lazy("a key")),
    ("user", gettext_lazy("a person")),
    ("model", gettext_lazy("a model")),
    ("group", gettext_lazy("a model access group")),
]


def subject(actor: Actor, kind: str, text: str) -> Any:
    """The row that the words name, or None for the platform. Raises ValidationError next to the field.

    Names are not unique across organizations: whoever sees two of one name gives the id.
    """
    if not kind:
        return None
    model = KINDS[kind]
    condition = model.named(text.strip())
    if hasattr(model, "alias_key"):
        condition |= Q(alias_key=fold(text))
    elif model is not User:
        condition |= Q(name=text.strip())
    found = list(policy.visible(actor, model.view_action, model.objects.filter(condition))[:2])
    if not found:
        raise ValidationError({"object": _("Nothing of that kind and name that you can see.")})
    if len(found) > 1:
        raise ValidationError({"object": _("You can see several of that name: give the id.")})
    return found[0]


def person_named(actor: Actor, text: str) -> User:
    """The person that the words name, as far as the actor may explain their access. Raises ValidationError."""
    people = User.objects.people().filter(User.named(text.strip()))
    found = policy.visible(actor, Action.EXPLAIN_ACCESS, people).first()
    if found is None:
        raise ValidationError(_("Nobody of that e-mail or id whose access you may look into."))
    return found


def asked_of(action: str, row: Any) -> bool:
    """Whether the action is one that is asked about rows of this kind."""
    return row is None or Action(action) in ACTIONS_OF[row._meta.label]
