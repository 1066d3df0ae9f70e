"""Numbers of usage for people: money, a count, or a bar of what was spent against what may be.

Bars stand in every row of most lists, so they are drawn here and not by a template: at fifty rows that is the larger
part of a page's time.
"""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.markup import markup
from dashboard.spending import Spending
from dashboard.templatetags.lucide import drawn
from dashboard.templatetags.times import exact
from rbacadmin import money
from rbacadmin.templatetags.policy import period

register = template.Library()

NEAR, FULL = 80, 100  # per cent of a budget
HIDDEN = (("aria_hidden", "true"),)


@register.filter
def measured(value: int, measure: str) -> str:
    """Nano-dollars as `$20.00` where spend is measured (or nothing is said), else a count with separators."""
    return money.show(value) if measure in ("", "spend") else f"{value:,}"


@register.filter
def amount(nano: int) -> SafeString | str:
    """What was spent, in a table: the digits that one reads, and the exact sum at hand where they are not all."""
    short, whole = money.brief(nano), money.show(nano)
    return short if short == whole else markup('<span title="{}">{}</span>', whole, short)


@register.filter
def measured_amount(value: int, measure: str) -> SafeString | str:
    """`measured` for tables: money as `amount` tells it."""
    return amount(value) if measure in ("", "spend") else measured(value, measure)


@register.simple_tag
def budget(row: Any) -> SafeString:
    """A row's spend against its budget where the view has put it there (`row.spend`), else the budget alone."""
    if spend := getattr(row, "spend", None):
        return drawn_bar(spend)
    if row.max_budget is None:
        return markup('<span class="muted">{}</span>', _("inherited"))
    every = _("per %(duration)s") % {"duration": period(row.budget_duration)} if row.budget_duration else ""
    return markup('<span class="num">{} {}</span>', money.show(row.max_budget), every)


@register.simple_tag
def spending(spend: Spending | None) -> SafeString | str:
    """A bar that says when the budget starts anew, too; nothing where the spend may not be read."""
    return drawn_bar(spend, told_reset=True) if spend else ""


@register.simple_tag
def bar(current: int, budget: int | None = None) -> SafeString:
    """A bar for nano-dollars spent of so many."""
    return drawn_bar(Spending(current, budget, None))


def drawn_bar(spend: Spending, *, told_reset: bool = False) -> SafeString:
    if spend.budget is None:
        text = markup(_("<strong>{spent}</strong> spent"), spent=amount(spend.current))
        note = _("no own budget")
        return markup(
            '<div class="spend"><div class="spend-text">{}</div><div class="spend-note">{}</div></div>', text, note
        )
    return markup(
        '<div class="spend"><div class="spend-text">{}</div>'
        '<svg class="bar{}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect width="{}" height="6" /></svg><div class="spend-note">{}{}</div></div>',
        markup(
            _('<strong>{spent}</strong> <span class="muted">of {limit}</span>'),
            spent=amount(spend.current),
            limit=money.show(spend.budget),
        ),
        " over" if spend.percent >= FULL else " near" if spend.percent >= NEAR else "",
        str(spend.percent),
        used(spend.percent),
        reset(spend.resets_at) if told_reset and spend.resets_at else "",
    )


def used(percent: int) -> SafeString:
    if percent >= FULL:
        return markup('<span class="flag text-bad">{}{}</span>', drawn("circle-x", 14, HIDDEN), _("used up"))
    words = _("%(percent)s%% used") % {"percent": percent}
    if percent >= NEAR:
        return markup('<span class="flag text-warn">{}{}</span>', drawn("triangle-alert", 14, HIDDEN), words)
    return markup("<span>{}</span>", words)


def reset(when: datetime) -> SafeString:
    local = timezone.localtime(when)
    return markup(
        '<span><time datetime="{}" title="{}">{}</time></span>',
        local.isoformat(),
        exact(local),
        _("resets %(day)s") % {"day": f"{local.day} {MONTHS_3[local.month].title()}"},
    )
