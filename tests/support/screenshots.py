"""`bin/screenshots`: every screen of the demo company, as each role sees it, in light and dark, narrow and wide.

The pictures go to `var/screenshots/`, which git ignores. The demo company is kept in `.cache/demo`, and is as it was
before the first picture each time; `--fresh` makes it anew. `--only keys` takes the screens whose name contains the
word, `--as org_admin` one role (`nobody` has not signed in), `--widths 390,1280` some of the widths, `--quick` one, in
light. `--readme` takes the three of the README, into docs/images.
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
SEEDED = DEMO / "seeded.sqlite3"  # as it was before the first picture


def main() -> int:
    parser = argparse.ArgumentParser("bin/screenshots", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="make the demo company anew")
    parser.add_argument("--only", default="", help="screens whose name contains this")
    parser.add_argument("--as", dest="role", default="", help="one role")
    parser.add_argument("--quick", action="store_true", help="1280 pixels in light only")
    parser.add_argument("--widths", default="", help="some of the widths, with commas")
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
    if SEEDED.exists():
        restore()
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("seed_demo")
    if not SEEDED.exists():
        from django.db import connection

        connection.close()  # which writes its journal into the file
        shutil.copyfile(DEMO / "db.sqlite3", SEEDED)


def restore() -> None:
    """The demo company as it was: some pictures are of what somebody did."""
    for journal in DEMO.glob("db.sqlite3-*"):
        journal.unlink()
    shutil.copyfile(SEEDED, DEMO / "db.sqlite3")


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
        for wait in range(60, -1, -1):
            try:
                urllib.request.urlopen(f"{base}/health/liveliness", timeout=5).read()
                break
            except OSError:
                if not wait:
                    raise
                time.sleep(0.5)
        yield base
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:  # it was not up yet
            process.kill()


def photograph(base: str, options: Any) -> int:
    """Take the pictures; the exit code says whether every page answered and nothing was said in the console."""
    from tests.support.camera import FOLDER, NOBODY, THEMES, WIDTHS, Camera
    from tests.support.screens import OUTSIDE, REFUSED, ROLES, screens

    widths = [int(width) for width in options.widths.split(",")] if options.widths else WIDTHS
    shots = [(1280, "light")] if options.quick else [(width, theme) for width in widths for theme in THEMES]
    with chromium_running() as browser:
        camera = Camera(browser, base, options.only, shots)
        for role in ROLES if not options.role else (options.role,):
            if role == NOBODY:
                camera.take(NOBODY, OUTSIDE)
                continue
            pages = screens(role)
            camera.take(role, pages)
            camera.take(role, REFUSED, refused=True)
            camera.take_deeds(role, pages)
    print(f"{camera.taken} pictures in {FOLDER}", *dict.fromkeys(camera.complaints), sep="\n")
    return 1 if camera.complaints else 0


@contextmanager
def chromium_running() -> Iterator[Any]:
    """A browser without a window."""
    from playwright.sync_api import sync_playwright

    if node := chromium.node_for_playwright():
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = node
    found = chromium.find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.program, args=chromium.arguments(), env={**os.environ, **found.environment}
        )
        yield browser
        browser.close()


def illustrate(base: str) -> int:
    """The three pictures of the README, as an organization's admin sees the screens."""
    from teams.models import Team
    from tests.support.screens import ELSEWHERE, session_of

    folder = chromium.ROOT / "docs" / "images"
    with chromium_running() as browser:
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
    print(f"3 pictures in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
