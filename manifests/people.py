"""Who gains or loses what by manifests: what they hold before, against what they hold after."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps

from manifests.plan import Part, Plan, Shift, Step
from rbacadmin import policy
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Actor
from rbacadmin.policy.difference import Holdings
from rbacadmin.policy.sighted import seen, within
from rbacadmin.slices import slices
from teams.models import Membership, User

NAMED = 50  # people whose access is worked out
TOGETHER = 10  # of whom in one query: SQLite joins five hundred branches at most
# What of a scope says what its people may do.
TELLING = frozenset({"teamMemberPermissions", "blocked", "organizationRef", "organizationID"})


class Affected:
    """The people whom a change concerns, looked at while it is there (`look`) and when it is taken back (`shifts`)."""

    def __init__(self, asker: Actor) -> None:
        self.asker, self.rows, self.count = asker, seen(asker), 0
        self.people: dict[Any, User] = {}
        self.gone: list[Any] = []
        self.after: dict[Any, Holdings] = {}

    def look(self, done: Plan) -> None:
        """Find them, and what they hold now."""
        touched = self.touched(done.steps)
        now = {user.pk: user for user in User.objects.people().filter(pk__in=touched)}
        self.count = len(touched)
        self.people = dict(sorted(now.items(), key=lambda one: one[1].label)[:NAMED])
        self.gone = [pk for pk in touched if pk not in now][:NAMED]
        self.after = holdings(list(self.people.values()))
        for label, ids in seen(self.asker).items():
            if label in self.rows:
                self.rows[label] |= ids  # what was made is seen, and counts

    def touched(self, steps: Iterable[Step]) -> set[Any]:
        """Whose account or membership is on record as changed, and who is in a scope of which more is changed."""
        done = AuditEvent.objects.filter(request_id=self.asker.origin.request_id, outcome=AuditEvent.Outcome.DONE)
        told = list(done.values_list("event", "object_id", "details"))
        named = {details["user"] for event, _, details in told if event.startswith("member.") and "user" in details}
        found = set(User.objects.filter(public_id__in=named).values_list("pk", flat=True))
        found |= {User._meta.pk.to_python(pk) for event, pk, _ in told if event.startswith("user.")}
        updated = {pk for event, pk, _ in told if event == "member.updated"}
        found |= set(Membership.objects.filter(pk__in=updated).values_list("user_id", flat=True))
        groups = set()
        for step in steps:
            found |= step.people
            if hasattr(step.row, "group_id") and TELLING & step.fields.keys():
                groups.add(step.row.group_id)
        return found | set(Membership.objects.filter(group_id__in=groups).values_list("user_id", flat=True))

    def shifts(self) -> list[Shift]:
        """What each of them gains and loses. Asked when the change is taken back: what is now, was before it."""
        there = {user.pk: user for user in User.objects.filter(pk__in=[*self.people, *self.gone])}
        before = holdings(list(there.values()))
        found = []
        for pk, person in sorted({**there, **self.people}.items(), key=lambda one: one[1].label):
            parts = policy.difference(within(before.get(pk, {}), self.rows), within(self.after.get(pk, {}), self.rows))
            gained = [Part(area(part.label), part.action, len(part.gained)) for part in parts if part.gained]
            lost = [Part(area(part.label), part.action, len(part.lost)) for part in parts if part.lost]
            if gained or lost:
                found.append(Shift(person.label, gained, lost))
        return found


def holdings(people: Sequence[User]) -> dict[Any, Holdings]:
    """What each of them may do now, by id."""
    found: dict[Any, Holdings] = {}
    for some in slices(people, TOGETHER):
        held = policy.holdings_of(*Actor.for_people(some))
        found |= {person.pk: one for person, one in zip(some, held, strict=True)}
    return found


def area(label: str) -> str:
    """A kind of row in words; nothing is the platform."""
    return str(apps.get_model(label)._meta.verbose_name_plural) if label else "the platform"
