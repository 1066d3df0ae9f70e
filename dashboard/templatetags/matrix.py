"""The cells of the authorization matrix, which are more than a thousand and of few kinds: each kind is drawn once."""

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashboard.markup import markup
from dashboard.permissions.rows import Shown
from dashboard.templatetags.lucide import drawn

register = template.Library()

HIDDEN = (("aria_hidden", "true"),)


@register.simple_tag
def matrix_answer(answer: str) -> SafeString:
    """`allow`, `own` or `deny` as a mark and a word."""
    if answer == "allow":
        return markup('<span class="badge good">{}{}</span>', drawn("check", 12, HIDDEN), _("yes"))
    if answer == "own":
        return markup('<span class="badge">{}</span>', _("own"))
    return markup('<span class="muted">{}</span>', _("no"))


@register.simple_tag
def matrix_cells(shown: Shown) -> SafeString:
    """What each kind of person may do, in the order of the columns."""
    language = get_language() or ""
    cells = (matrix_cell(str(one.label), one.answer, one.mine, language) for one in shown.cells)
    return SafeString("".join(cells))


# `typed`: text that is markup already equals text that is not, and one must not answer for the other.
@lru_cache(maxsize=1024, typed=True)
def matrix_cell(label: str, answer: str, mine: bool, _language: str) -> SafeString:
    kinds = ("mine" if mine else "") + (" empty-narrow" if answer == "deny" else "")
    return markup('<td class="{}" data-label="{}"><span>{}</span></td>', kinds, label, matrix_answer(answer))
