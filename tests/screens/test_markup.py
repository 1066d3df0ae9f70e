"""Markup that is drawn in Python escapes as Django's does."""

from typing import Any
from uuid import UUID

import pytest
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from dashboard.markup import markup
from dashboard.templatetags.cells import badge, home_link
from dashboard.templatetags.frame import nav_link

PARTS = ("<script>", 'O\'Hara & "sons"', mark_safe("<b>bold</b>"), gettext_lazy("a < b"), 7, None, "")


@pytest.mark.parametrize("part", PARTS, ids=repr)
def test_a_part_is_escaped_as_djangos_format_does(part: Any) -> None:
    expected = format_html("<i>{}</i><u>{named}</u>", part, named=part)
    assert markup("<i>{}</i><u>{named}</u>", part, named=part) == expected
    assert markup("{}", markup("{}", part)) == format_html("{}", part), "what is markup stays as it is"


def test_a_text_never_gets_the_answer_for_markup_that_equals_it() -> None:
    text = "<b>bold</b>"
    for draw in (
        lambda label: badge("good", label),
        lambda label: nav_link("/", "house", label, False),
        lambda label: home_link("team", "users", UUID(int=1), label),
    ):
        assert text in draw(mark_safe(text))
        assert text not in draw(text)
        assert text in draw(mark_safe(text))
