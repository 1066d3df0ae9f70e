"""When something was or will be: in one unit from now, with the exact moment at hand."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from dashboard.markup import markup

register = template.Library()

MINUTE, HOUR, DAY = 60, 3600, 86400
# From so many seconds on, in units of so many seconds: what was, and what will be.
UNITS = (
    (365 * DAY, 365 * DAY, ngettext_lazy("%d year ago", "%d years ago"), ngettext_lazy("in %d year", "in %d years")),
    (60 * DAY, 30 * DAY, ngettext_lazy("%d month ago", "%d months ago"), ngettext_lazy("in %d month", "in %d months")),
    (14 * DAY, 7 * DAY, ngettext_lazy("%d week ago", "%d weeks ago"), ngettext_lazy("in %d week", "in %d weeks")),
    (DAY, DAY, ngettext_lazy("%d day ago", "%d days ago"), ngettext_lazy("in %d day", "in %d days")),
    (HOUR, HOUR, ngettext_lazy("%d hour ago", "%d hours ago"), ngettext_lazy("in %d hour", "in %d hours")),
    (MINUTE, MINUTE, ngettext_lazy("%d minute ago", "%d minutes ago"), ngettext_lazy("in %d minute", "in %d minutes")),
)


def from_now(when: datetime, now: datetime | None = None) -> str:
    """`3 hours ago`, `in 2 days`: one unit, rounded."""
    seconds = (when - (now or timezone.now())).total_seconds()
    for start, unit, past, future in UNITS:
        if abs(seconds) >= start:
            return (past if seconds < 0 else future) % round(abs(seconds) / unit)
    return _("just now") if seconds <= 0 else _("in less than a minute")


@register.simple_tag
def relative(when: datetime) -> SafeString:
    """From now, the exact moment on hover."""
    local = timezone.localtime(when)
    return markup('<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact(local), from_now(when))


@register.simple_tag
def day(when: datetime) -> SafeString:
    """The date, then from now, the exact moment on hover."""
    local = timezone.localtime(when)
    return markup(
        '<time datetime="{}" title="{}"><span class="nowrap">{} {} {}</span> <span class="from-now">{}</span></time>',
        local.isoformat(),
        exact(local),
        local.day,
        MONTHS_3[local.month].title(),
        local.year,
        from_now(when),
    )


def exact(local: datetime) -> str:
    """`8 October 2026, 14:05 UTC`. Put together by hand: lists hold hundreds, and Django's formats are slow at it."""
    return f"{local.day} {MONTHS[local.month]} {local.year}, {local:%H:%M} {local.tzname()}"
