"""A page of the documentation as a script, and how its answers are compared with those that came."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "http://0.0.0.0:4000"
# Pages whose `shell` and `json` blocks are requests and answers, each from an empty server on.
PAGES = (
    "walkthrough.md",
    "gateway/calling-models.md",
    *(f"api/{name}.md" for name in ("organizations", "teams", "people", "keys", "models", "spend-and-audit")),
)
FENCE = re.compile(r"^```(shell|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# What differs from run to run, and what it has to look like.
VOLATILE = (
    re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"),
    re.compile(r"sk-[usg]_[\w-]+"),
    re.compile(r"sk-\.\.\.[\w-]{4}"),
    re.compile(r"[0-9a-f]{64}"),
    re.compile(r"/accounts/(invitation|password/reset/key)/[\w-]+/"),
    re.compile(r"\d{4}-\d\d-\d\d"),
)


@dataclass(frozen=True)
class Step:
    """One shell block and, if the page shows one, the answer to it."""

    script: str
    answer: Any = None

    @property
    def calls(self) -> bool:
        return "curl " in self.script


def steps(page: str) -> list[Step]:
    """The page's blocks, in order; each answer belongs to the shell block before it."""
    found: list[Step] = []
    for language, block in FENCE.findall((ROOT / "docs" / page).read_text()):
        if language == "shell":
            found.append(Step(block))
        else:
            found[-1] = Step(found[-1].script, json.loads(block))
    return found


def differences(shown: Any, came: Any, where: str = "answer") -> list[str]:
    """Where what came is not what the page shows. Objects may hold more than is shown; lists may not."""
    if isinstance(shown, dict):
        if not isinstance(came, dict):
            return [f"{where}: {came!r} is no object"]
        missing = [f"{where}.{name} is missing" for name in shown if name not in came]
        inner = [differences(value, came[name], f"{where}.{name}") for name, value in shown.items() if name in came]
        return [*missing, *(text for found in inner for text in found)]
    if isinstance(shown, list):
        if not isinstance(came, list) or len(came) != len(shown):
            return [f"{where}: {came!r} instead of {shown!r}"]
        pairs = enumerate(zip(shown, came, strict=True))
        return [text for number, pair in pairs for text in differences(*pair, f"{where}[{number}]")]
    if isinstance(shown, str) and isinstance(came, str):
        shown, came = steady(shown), steady(came)
    same = type(shown) is type(came) and shown == came
    return [] if same else [f"{where}: {came!r} instead of {shown!r}"]


def steady(text: str) -> str:
    """The text with what differs from run to run replaced by the number of its form."""
    for number, form in enumerate(VOLATILE):
        text = form.sub(f"<{number}>", text)
    return text
