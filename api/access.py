"""Why may somebody do something, and who can? In one shape for every dialect."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from pydantic import Field

from api.litellm.route import ERROR, GET, POST, Route
from api.types import Ident, Request, Response
from gateway.admission import refusal_of
from gateway.admission.load import RELATED
from gateway.models import CatalogModel, ModelAccessGroup
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams.models import Team, User

NAMED = 100  # how many people an answer names

KINDS: dict[str, QuerySet[Any]] = {
    "organization": Organization.objects.all(),
    "project": Project.objects.all(),
    "team": Team.objects.all(),
    "user": User.objects.all(),
    "key": Key.objects.select_related(*RELATED),  # with all that a question about a call reads
    "model": CatalogModel.objects.all(),
    "access_group": ModelAccessGroup.objects.all(),
}


class Question(Request):
    """An action, and the object that it is about; without an object, the platform."""

    action: Action
    kind: str | None = None
    object: Ident | None = None


class PersonQuestion(Question):
    """Of `call_models` and a key also: which `model`, and then which level refuses the call."""

    person: Ident | None = None
    model: str | None = Field(default=None, min_length=1, max_length=255)


class ReasonShown(Response):
    kind: str
    name: str
    scope: str | None = None
    until: str | None = None


class LimitShown(Response):
    kind: str
    text: str


class CallRefusal(Response):
    """What a call would be answered, and which level refuses it."""

    level: str
    level_id: str
    status: int
    type: str
    message: str


class DecisionShown(Response):
    allowed: bool
    action: str
    subject: str
    object: str
    reasons: list[ReasonShown]
    limits: list[LimitShown]
    who_could: list[str]
    roles_that_could: list[str]
    refusal: CallRefusal | None = None


class PersonShown(Response):
    user_id: str
    user_email: str | None = None


class People(Response):
    people: list[PersonShown]
    truncated: bool


def explain(actor: Actor, body: PersonQuestion) -> dict[str, Any]:
    """Why the caller may or may not do this, or (with the right to explain access there) why another person may."""
    obj = subject_of(actor, body)
    if body.model is not None:
        return call_of(actor, body, obj, body.model)
    if body.person is None:
        return policy.explain(actor, body.action, obj).as_dict()
    person = policy.find(actor, Action.EXPLAIN_ACCESS, User.objects.people(), body.person)
    return policy.explain_other(actor, person, body.action, obj).as_dict()


def call_of(actor: Actor, body: PersonQuestion, key: Any, model: str) -> dict[str, Any]:
    """Whether a key may call a model now, and which level refuses it: for its owner and whoever may explain there."""
    if body.action != Action.CALL_MODELS or not isinstance(key, Key) or body.person is not None:
        raise ValidationError({"model": "Goes with the action call_models and a key, and with no person."})
    if key.user_id != actor.user_id or actor.user_id is None:
        policy.require(actor, Action.EXPLAIN_ACCESS, key)
    decision = policy.explain(Actor.for_key(key), body.action, key, asker=actor).as_dict()
    refusal = refusal_of(key, model)
    shown = refusal and {
        "level": refusal.level,
        "level_id": refusal.level_id,
        "status": refusal.status,
        "type": refusal.code,
        "message": refusal.message,
    }
    return {**decision, "allowed": refusal is None, "refusal": shown}


def who_can(actor: Actor, body: Question) -> dict[str, Any]:
    """The people who can do this there, as far as the caller may see them."""
    obj = subject_of(actor, body)
    policy.require(actor, Action.EXPLAIN_ACCESS, obj)
    found = list(
        policy.visible(actor, Action.VIEW_PEOPLE, policy.who(body.action, obj)).order_by("email", "pk")[: NAMED + 1]
    )
    people = [{"user_id": person.public_id, "user_email": person.email} for person in found[:NAMED]]
    return {"people": people, "truncated": len(found) > NAMED}


def subject_of(actor: Actor, body: Question) -> Any:
    """The object of a question, or None. What the caller cannot see is 404."""
    if body.kind is None and body.object is None:
        return None
    rows = KINDS.get(body.kind or "")
    if rows is None or body.object is None:
        raise ValidationError({"kind": f"Name an object and its kind: {', '.join(KINDS)}."})
    return policy.find(actor, rows.model.view_action, rows, body.object)


# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/access/explain", POST, Action.EXPLAIN_ACCESS, PersonQuestion, DecisionShown, explain, ERROR,
          "Why you, or somebody else, may or may not do something"),
    Route("/access/who-can", GET, Action.EXPLAIN_ACCESS, Question, People, who_can, ERROR,
          "Who can do something"),
)
# fmt: on
