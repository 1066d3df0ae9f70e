"""Finds nginx, redis-server, kubectl, wrk: `$NGINX` and so on, else PATH, else the Debian package in `.cache/`.

Nothing is installed: apt checks what it downloads against the system's own keys, and works for any user.
"""

import fcntl
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CACHE = ROOT / ".cache"
LIBRARIES = ("usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib")


class Unavailable(Exception):
    """There is no such program here; the text says why and what would help."""


@dataclass(frozen=True)
class Package:
    """Where Debian keeps a program: the package that has it, its place therein, and the variable that overrules."""

    package: str
    path: str
    variable: str


PACKAGES = {
    "nginx": Package("nginx", "usr/sbin/nginx", "NGINX"),
    "redis-server": Package("redis-tools", "usr/bin/redis-check-rdb", "REDIS_SERVER"),  # one binary, by its name
    "kubectl": Package("kubernetes-client", "usr/bin/kubectl", "KUBECTL"),
    "wrk": Package("wrk", "usr/bin/wrk", "WRK"),
}


@dataclass(frozen=True)
class Program:
    """A program that starts, and the environment variables that it needs besides."""

    path: str
    environment: dict[str, str] = field(default_factory=dict)


@functools.cache
def find(name: str) -> Program:
    """A program of PACKAGES; the first call may fetch it. Raises Unavailable."""
    known = PACKAGES[name]
    if named := os.environ.get(known.variable):
        if not shutil.which(named):
            raise Unavailable(f"{known.variable} names {named}, which is not a program")
        return Program(named)
    # Debian keeps servers where a plain user's PATH does not lead
    if found := shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"):
        return Program(found)
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Unavailable(
            f"no {name} on PATH, and no apt-get to fetch one with; install it or set {known.variable} to the program"
        )
    folder = CACHE / f"debian-{name}"
    try:
        unpack_once(name, folder)
    except (OSError, subprocess.SubprocessError) as error:
        output = getattr(error, "stderr", None) or ""
        raise Unavailable(
            f"no {name} on PATH, and Debian's package could not be fetched: {error} {output[-500:]}"
            f" Install it or set {known.variable} to the program."
        ) from error
    return Program(str(folder / "bin" / name), environment(folder))


def environment(folder: Path) -> dict[str, str]:
    """What lets programs in `folder` find the libraries that were unpacked with them."""
    places = [str(folder / place) for place in LIBRARIES if (folder / place).is_dir()]
    if not places:
        return {}  # an empty LD_LIBRARY_PATH would mean the current folder
    return {"LD_LIBRARY_PATH": ":".join([*places, *filter(None, [os.environ.get("LD_LIBRARY_PATH")])])}


def unpack_once(name: str, folder: Path) -> None:
    """Fetch and unpack the program with the libraries that are missing here. Several processes may ask at once."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "debian.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if folder.is_dir():
            return
        print(f"==> Fetching Debian's {name}", file=sys.__stderr__, flush=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as temporary:
            target = Path(temporary) / "unpacked"
            package = PACKAGES[name].package
            fetch([package], Path(temporary), target)
            program = target / PACKAGES[name].path
            if missing_libraries(program, target):
                fetch(libraries_of(package), Path(temporary), target)
            if missing := missing_libraries(program, target):
                raise OSError(f"{name} needs {', '.join(missing)}.")
            (target / "bin").mkdir()
            (target / "bin" / name).symlink_to(Path("..") / PACKAGES[name].path)
            target.rename(folder)  # last, so that a folder of that name is always whole


def fetch(packages: list[str], into: Path, target: Path) -> None:
    """Download packages and unpack them into `target`. Lists that are old or missing are read anew, for us alone."""
    target.mkdir(exist_ok=True)
    aside = private_lists(into)
    try:
        run(["apt-get", "download", *packages], into)
    except subprocess.CalledProcessError:
        run(["apt-get", *aside, "update"], into)
        run(["apt-get", *aside, "download", *packages], into)
    for archive in into.glob("*.deb"):
        run(["dpkg-deb", "--extract", str(archive), str(target)], into)
        archive.unlink()


def private_lists(folder: Path) -> list[str]:
    """Options that let apt keep its lists in a folder of ours: the system's belong to root."""
    for name in ("lists/partial", "archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    places = {"State::Lists": folder / "lists", "Cache": folder, "Cache::Archives": folder / "archives"}
    return [part for name, place in places.items() for part in ("-o", f"Dir::{name}={place}")]


def libraries_of(package: str) -> list[str]:
    """The libraries that the package depends on; those that other packages stand in for are left to them."""
    told = run(["apt-cache", "depends", "--no-recommends", "--no-suggests", package], ROOT)
    names = [line.split()[-1] for line in told.splitlines() if line.strip().startswith("Depends: lib")]
    return [name for name in names if name != "libc6"]


def missing_libraries(program: Path, folder: Path) -> list[str]:
    """The shared libraries that the program would not find."""
    told = run(["ldd", str(program)], folder, {**os.environ, **environment(folder)})
    return [line.split()[0] for line in told.splitlines() if "not found" in line]


def run(command: list[str], folder: Path, variables: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=folder, env=variables or dict(os.environ)
    )
    return done.stdout
