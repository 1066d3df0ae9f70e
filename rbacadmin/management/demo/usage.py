"""A month of calls, booked as the gateway books them: each once, for its key and for all that is above it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID, uuid4

from django.utils import timezone as clock

from gateway.ledger import writing
from gateway.ledger.usage import Event, Parties, memberships_of, parties_of
from gateway.models import CatalogModel
from keys.models import Key
from rbacadmin.management.demo.build import Made
from rbacadmin.management.demo.cast import CUSTOMERS, PRICES
from rbacadmin.slices import slices

DAYS = 30
BATCH = 2000
LONGEST = timedelta(minutes=2)  # more than any call takes


def spend_a_month(made: list[Made], chance: Random, born: dict[UUID, datetime]) -> int:
    """Write the calls of the 30 days up to now. Returns how many there are. A day of a few minutes is none yet."""
    today = (clock.now() - 2 * LONGEST).date()
    deployments = dict(CatalogModel.objects.filter(name__in=PRICES, team=None).values_list("name", "pk"))
    memberships = memberships_of(key for here in made for key in here.keys)
    events: list[Event] = []
    used = []
    for here in made:
        for key in here.keys:
            parties = parties_of(key, memberships)
            theirs = list(calls_of(key, parties, here, chance, today, born[key.pk], deployments))
            if theirs:
                key.last_used_at = max(event.ended_at for event in theirs)
                used.append(key)
            events += theirs
    Key.objects.bulk_update(used, ["last_used_at"], batch_size=200)
    events.sort(key=lambda event: event.ended_at)
    for some in slices(events, BATCH):
        writing.write(some, uuid4())
    return len(events)


def calls_of(
    key: Key, parties: Parties, here: Made, chance: Random, today: date, born: datetime, deployments: dict[str, UUID]
) -> Iterator[Event]:
    """What a key was used for: on some days, one model a day, quiet at weekends, and for less than its budget."""
    if chance.random() < 0.15:
        return  # made and forgotten
    until = min(clock.now(), key.expires_at or clock.now())
    first, last = max(born.date(), today - timedelta(days=DAYS - 1)), min(today, until.date())
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    busy = [day for day in days if chance.random() < (0.5 if day.weekday() < 5 else 0.1)]
    scope = key.team or key.project
    models = key.models or (scope.models if scope else None) or list(here.house.models)
    models = [name for name in models if name in PRICES]
    left = int((key.max_budget or chance.randint(3, 40) * 10**9) * chance.uniform(0.1, 0.95))
    for day in busy:
        model = chance.choice(models)
        for _ in range(chance.randint(6, 24)):
            event = call(key, parties, here, chance, day, model, deployments.get(model))
            if event.cost > left:
                break
            if not born <= event.started_at < event.ended_at <= until:
                continue
            left -= event.cost
            yield event


def gone(moment: datetime) -> datetime:
    """The moment; one of today that is yet to come is moved to where today has been, so that no demo starts empty."""
    morning, last = moment.replace(hour=0, minute=0, second=0), clock.now() - LONGEST
    return moment if moment <= last else morning + (last - morning) * ((moment - morning) / timedelta(days=1))


def call(
    key: Key,
    parties: Parties,
    here: Made,
    chance: Random,
    day: date,
    model: str,
    deployment_id: UUID | None,
) -> Event:
    """One call in working hours. One in thirty fails, and costs nothing; programs say for whom they call."""
    embedding = model.startswith("text")
    failed = chance.random() < 1 / 30
    prompt = 0 if failed else chance.randint(2_000, 60_000)
    completion = 0 if failed or embedding else chance.randint(200, 4_000)
    working = time(chance.randint(7, 18), chance.randint(0, 59), chance.randint(0, 59))
    started = gone(datetime.combine(day, working, UTC))
    serves = key.kind == Key.Kind.SERVICE and chance.random() < 0.8
    return Event(
        request_id=f"demo-{chance.getrandbits(64):016x}",
        parties=parties,
        model=model,
        started_at=started,
        ended_at=started + timedelta(milliseconds=300 + 15 * completion),
        cost=(prompt + 4 * completion) * PRICES[model],
        prompt_tokens=prompt,
        completion_tokens=completion,
        status="failure" if failed else "success",
        route="/v1/embeddings" if embedding else "/v1/chat/completions",
        deployment_id=deployment_id,
        entry=model,
        customer=f"{here.house.domain.split('.')[0]}-{chance.choice(CUSTOMERS)}" if serves else "",
        tags=tuple(dict.fromkeys((*key.tags, key.alias.rsplit("-", 2)[-2]))),  # what the key is for
    )
