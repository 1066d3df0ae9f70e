"""Every text that people read can be translated: none stands bare in a template."""

import re
import struct
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from tests.world import World

pytestmark = pytest.mark.sqlite

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# What stands for itself in every language: the product's name, and what goes to a machine.
NAMES = {"rbacadmin", "curl", "Python", "CSV", "ID", "id", "YAML", "JSON", "API", "URL"}
SHOWN_TO_DEVELOPERS = {"ui/styleguide.html"}
IGNORED = re.compile(
    r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%}|{%.*?%}|{{.*?}}"
    r"|<!--.*?-->|<(pre|script|style|code|svg)\b.*?</\1>",
    re.DOTALL,
)
ATTRIBUTES = re.compile(r"""\b(?:aria-label|title|alt|placeholder|data-label)=(?:"([^"]*)"|'([^']*)')""")
WORD = re.compile(r"[^\W\d_]{2,}")


def bare(text: str) -> list[str]:
    """The texts that no translation reaches, attributes that are read aloud among them."""
    kept = IGNORED.sub(" ", text)
    found = ["".join(match) for match in ATTRIBUTES.findall(kept)]
    found += re.split(r"<[^>]*>", re.sub(r"&\w+;", " ", kept))
    return [piece.strip() for piece in found if set(WORD.findall(piece)) - NAMES]


def test_the_test_sees_what_is_bare():
    assert bare('<p>Hello</p>{% translate "x" %}<a title="Go on">{{ name }}</a>') == ["Go on", "Hello"]
    assert not bare('<p class="muted">{% blocktranslate %}Hello {{ x }}{% endblocktranslate %} · 42 </p>')


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_no_text_stands_bare_in_a_template(path: Path):
    if path.relative_to(ROOT / "templates").as_posix() not in SHOWN_TO_DEVELOPERS:
        assert not bare(path.read_text())


def compiled(texts: dict[str, str]) -> bytes:
    """A catalogue as gettext reads it."""
    pairs = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **texts}.items())
    originals, translations, at, body = [], [], 28 + 16 * len(pairs), b""
    for side, table in ((0, originals), (1, translations)):
        for pair in pairs:
            raw = pair[side].encode()
            table.append(struct.pack("<II", len(raw), at + len(body)))
            body += raw + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + b"".join(originals) + b"".join(translations) + body


@pytest.fixture
def german(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation with a catalogue of a few words."""
    folder = tmp_path / "de/LC_MESSAGES"
    folder.mkdir(parents=True)
    texts = {"Keys": "Schlüssel", "Teams": "Gruppen", "Sign in": "Anmelden", "Newest first": "Neue zuerst"}
    (folder / "django.mo").write_bytes(compiled(texts))
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
    settings.USE_I18N = True  # as where a catalogue is found at the start
    monkeypatch.setattr(translation, "_trans", type(translation._trans)())  # Django looks at the setting once


@pytest.mark.usefixtures("german")
def test_pages_speak_the_language_of_the_browser_until_another_is_chosen(cast: World):
    client = Client(headers={"Accept-Language": "de"})
    assert "Anmelden" in client.get("/accounts/login/").text
    client.force_login(cast.member, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/ui/keys/")
    assert 'lang="de"' in page.text
    assert "<h1>Schlüssel</h1>" in page.text
    assert "Neue zuerst" in page.text, "what is written in code, too"
    assert "Deutsch" in page.text
    chosen = client.post("/ui/language/", {"language": "en-gb", "next": "/ui/keys/"})
    assert chosen["Location"] == "/ui/keys/"
    assert "<h1>Keys</h1>" in client.get("/ui/keys/").text


@pytest.mark.usefixtures("german")
def test_programs_always_read_the_same_words(cast: World):
    client = Client(headers={"Accept-Language": "de"})
    client.get("/accounts/login/")
    assert "Content-Language" not in client.get("/health/liveness")


def test_with_one_language_there_is_nothing_to_choose(cast: World, browser_of: Any):
    assert "/ui/language/" not in browser_of("member").get("/ui/keys/").text
