"""Charts as pictures that the server draws: numbers in, attributes of an SVG out. A table beside says the same."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR

from gateway.models import DailyUsage

Ids = QuerySet[Any] | Collection[Any]

HEIGHT, STEP, GAP = 100, 10, 2  # of the picture's own units, which stretch with it
DAYS = 30


@dataclass(frozen=True)
class Bar:
    """One day: what was spent, in nano-dollars, and where its bar stands."""

    day: date
    value: int
    x: int
    y: int
    height: int

    @property
    def short(self) -> str:
        """`8 Oct`. Put together by hand, as times are: a chart asks for it dozens of times."""
        return f"{self.day.day} {MONTHS_3[self.day.month].title()}"

    @property
    def long(self) -> str:
        """`Thu 8 Oct`."""
        return f"{WEEKDAYS_ABBR[self.day.weekday()]} {self.short}"


@dataclass(frozen=True)
class Chart:
    """Days from old to new."""

    bars: Sequence[Bar]

    @property
    def width(self) -> int:
        return len(self.bars) * STEP

    @property
    def bar_width(self) -> int:
        return STEP - GAP

    @property
    def total(self) -> int:
        return sum(bar.value for bar in self.bars)

    @property
    def highest(self) -> int:
        return max(bar.value for bar in self.bars)

    @property
    def newest_first(self) -> list[Bar]:
        """The days for the table: those without use at either end say nothing."""
        return [bar for bar in reversed(self.bars) if bar.value]


def draw(values: Mapping[date, int], last: date, days: int = DAYS) -> Chart:
    """The days up to `last`, each a bar as high as its share of the highest. A day with anything shows something."""
    found = [(day := last - timedelta(days=ago), values.get(day, 0)) for ago in reversed(range(days))]
    top = max(value for _, value in found) or 1
    bars = []
    for index, (day, value) in enumerate(found):
        height = max(1, value * HEIGHT // top) if value else 0
        bars.append(Bar(day, value, index * STEP + GAP // 2, HEIGHT - height, height))
    return Chart(bars)


def spend_chart(rows: Mapping[str, Ids], days: int = DAYS) -> Chart:
    """What these rows (kind -> ids) spent together, day by day (UTC). One query. The caller asks who may see that."""
    today = timezone.now().date()
    theirs = Q(pk__in=[])
    for kind, ids in rows.items():
        theirs |= Q(kind=kind, object_id__in=ids)
    usage = DailyUsage.objects.filter(theirs, day__gt=today - timedelta(days=days))
    return draw(dict(usage.order_by().values_list("day").annotate(Sum("spend"))), today, days)
