"""The rulebook is tested whole: a rule without a test of its name fails here."""

import re
from pathlib import Path

RULES = range(1, 30)


def test_every_rule_has_a_test_of_its_name() -> None:
    texts = [path.read_text() for path in Path(__file__).parent.glob("test_*.py")]
    found = {int(number) for text in texts for number in re.findall(r"^def test_rule_(\d\d)_", text, re.M)}
    assert found == set(RULES)
