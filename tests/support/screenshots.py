"""`bin/screenshots`: every screen of the demo company, as each role sees it, in light and dark, narrow and wide.

The pictures go to `var/screenshots/`, which git ignores. The demo company is kept in `.cache/demo`; `--fresh` makes it
anew. `--only keys` takes the screens whose name contains the word, `--as org_admin` one role, `--quick` one width.
`--readme` takes the three of the README, into docs/images.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.support import chromium

DEMO = chromium.CACHE / "demo"
FOLDER = chromium.ROOT / "var" / "screenshots"
WIDTHS = (390, 1280, 1920)
THEMES = ("light", "dark")


def main() -> int:
    parser = argparse.ArgumentParser("bin/screenshots", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="make the demo company anew")
    parser.add_argument("--only", default="", help="screens whose name contains this")
    parser.add_argument("--as", dest="role", default="", help="one role")
    parser.add_argument("--quick", action="store_true", help="1280 pixels in light only")
    parser.add_argument("--readme", action="store_true", help="the pictures of the README, into docs/images")
    options = parser.parse_args()
    if options.fresh:
        shutil.rmtree(DEMO, ignore_errors=True)
    prepare()
    with server() as base:
        return illustrate(base) if options.readme else photograph(base, options)


def prepare() -> None:
    """The demo company in a database of its own, and Django set up to look into it."""
    os.environ.update(
        RBACADMIN_VAR_DIR=str(DEMO), DATABASE_URL=f"sqlite:///{DEMO / 'db.sqlite3'}", DJANGO_ALLOW_ASYNC_UNSAFE="true"
    )
    os.environ["DJANGO_SETTINGS_MODULE"] = "rbacadmin.settings"
    import django
    from django.core.management import call_command

    DEMO.mkdir(parents=True, exist_ok=True)
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("seed_demo")


@contextmanager
def server() -> Iterator[str]:
    """The real server on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface=wsgi", "--no-ws", "--workers=1", "--blocking-threads=8"]
    process = subprocess.Popen([*command, "--port", str(port), "--log-level=error", "rbacadmin.wsgi:application"])
    try:
        base = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{base}/health/liveliness", timeout=1).read()
                break
            except OSError:
                time.sleep(0.1)
        yield base
    finally:
        process.terminate()
        process.wait()


def photograph(base: str, options: Any) -> int:
    """Take the pictures; the exit code says whether every page answered and nothing was said in the console."""
    from playwright.sync_api import sync_playwright

    from tests.support.screens import ROLES, screens, session_of

    if node := chromium.node_for_playwright():
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = node
    found, complaints, taken = chromium.find(), list[str](), 0
    shots = [(1280, "light")] if options.quick else [(width, theme) for width in WIDTHS for theme in THEMES]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.program, args=chromium.arguments(), env={**os.environ, **found.environment}
        )
        for role in ROLES:
            if options.role and role != options.role:
                continue
            for width, theme in shots:
                context = browser.new_context(
                    base_url=base,
                    viewport={"width": width, "height": 900},
                    color_scheme=theme,  # type: ignore[arg-type]
                )
                context.add_cookies([{**session_of(role), "url": base}])
                page = context.new_page()
                page.on("console", lambda message, where=page: complaints.append(f"{where.url}: {message.text}"))
                for name, path in screens(role).items():
                    if options.only not in name:
                        continue
                    answer = page.goto(path)
                    if answer is None or answer.status >= 400:
                        complaints.append(f"{role} {path}: {answer.status if answer else 'nothing'}")
                    if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
                        complaints.append(f"{role} {path} scrolls sideways at {width}")
                    target = FOLDER / role / f"{name}-{width}-{theme}.png"
                    target.parent.mkdir(parents=True, exist_ok=True)
                    page.screenshot(path=target, full_page=True)
                    taken += 1
                context.close()
        browser.close()
    print(f"{taken} pictures in {FOLDER}", *dict.fromkeys(complaints), sep="\n")
    return 1 if complaints else 0


def illustrate(base: str) -> int:
    """The three pictures of the README, as an organization's admin sees the screens."""
    from playwright.sync_api import sync_playwright

    from teams.models import Team
    from tests.support.screens import ELSEWHERE, session_of

    if node := chromium.node_for_playwright():
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = node
    found, folder = chromium.find(), chromium.ROOT / "docs" / "images"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.program, args=chromium.arguments(), env={**os.environ, **found.environment}
        )
        context = browser.new_context(base_url=base, viewport={"width": 1280, "height": 800}, color_scheme="light")
        context.add_cookies([{**session_of("org_admin"), "url": base}])
        page = context.new_page()
        page.goto("/ui/")
        page.screenshot(path=folder / "home.png")
        page.goto(ELSEWHERE["access-answer"])
        page.screenshot(path=folder / "why.png")
        page.goto(f"/ui/teams/{Team.objects.get(alias='Research').pk}/edit/")
        page.get_by_label("Requests a minute").fill("30")
        page.get_by_role("button", name="What will change").click()
        page.locator("h2", has_text="What will change").wait_for()
        page.screenshot(path=folder / "what-will-change.png")
        browser.close()
    print(f"3 pictures in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
