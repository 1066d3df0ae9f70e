"""What `bin/serve` and `bin/test` do once a Python is found. Standard library only: nothing is installed yet."""

import argparse
import fcntl
import os
import socket
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from _setup import PYTHON, ROOT, SetupError, install, say  # noqa: E402

SERVE_HELP = """Sets everything up and serves rbacadmin on http://127.0.0.1:8000/.

environment:
  HOST, PORT      address to serve on (default 127.0.0.1 and 8000)
  DATABASE_URL    PostgreSQL to use (default: SQLite in var/)
  REDIS_URL       Redis to count limits in, for several processes
  RBACADMIN_*     everything else, see rbacadmin/conf.py
  PYTHON          the Python to use (default: the first on PATH that is 3.11 or newer)"""

TEST_HELP = """Sets everything up and runs the whole suite: on SQLite, on PostgreSQL, in a browser, with other clients.

With arguments there is a single pytest run, and they go to pytest:
  bin/test tests/test_ground.py -k lock
  bin/test --db=postgres -n 2           on PostgreSQL (default: --db=sqlite)
  bin/test -m browser --headed          the browser tests, to watch

environment:
  TEST_DATABASE_URL   PostgreSQL to test on (default: our own, started for the run and gone after it)
  NGINX, REDIS_SERVER programs to test with (default: from PATH, else Debian's packages unpacked into .cache/)
  KUBECTL             kubectls to test with, several with colons (default: Debian's in .cache/, and that on PATH)
  CHROMIUM            browser to test with (default: chromium on PATH, else an npm package kept in .cache/)
  CI=true             a leg that cannot run here is a failure, not a remark"""


def main() -> int:
    """Run the command that the first argument names; give its exit code."""
    command, arguments = sys.argv[1], sys.argv[2:]
    os.chdir(ROOT)
    try:
        return {"serve": serve, "test": test, "screenshots": screenshots}[command](arguments)
    except SetupError as error:
        say(f"Cannot go on: {error}")
        return 1
    except subprocess.CalledProcessError as error:
        say(f"Failed with exit code {error.returncode}: {' '.join(map(str, error.cmd))}")
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 130


def serve(arguments: list[str]) -> int:
    """Bring the database up to date and become the server."""
    parser = argparse.ArgumentParser(
        "bin/serve", description=SERVE_HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--demo", action="store_true", help="add the demo company: people, teams, keys, usage")
    parser.add_argument("--tls", action="store_true", help="serve HTTPS, with a certificate authority made in var/tls")
    options = parser.parse_args(arguments)
    host = os.environ.get("RBACADMIN_HOST") or os.environ.get("HOST") or "127.0.0.1"
    port = os.environ.get("RBACADMIN_PORT") or os.environ.get("PORT") or "8000"
    must_be_free(host, port)
    install("base")
    say("Bringing the database up to date")
    manage("migrate", "--verbosity=0", "--skip-checks")  # bootstrap says what is wrong, once
    say("Collecting static files")
    manage("collectstatic", "--noinput", "--verbosity=0", "--skip-checks")
    if options.demo:
        seed_demo()
    address = f"{'https' if options.tls else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"
    if options.tls:
        os.environ.setdefault("RBACADMIN_PUBLIC_URL", address)
        os.environ.setdefault("RBACADMIN_HTTPS", "true")
        say("Making sure of the certificate")
        manage("make_certificate", host)
    manage("bootstrap")  # last: it prints the one-time link, which should stay in sight
    say(f"Serving on {address}/ (Ctrl-C stops)")
    granian = ["--interface=wsgi", "--no-ws", "--workers=1", "--blocking-threads=4", "--workers-kill-timeout=10"]
    tell_where(address)
    # exec: signals reach the server itself, whoever sends them
    granian += certified() if options.tls else []
    command = [PYTHON, "-m", "granian", *granian, "--host", host, "--port", port, "rbacadmin.wsgi:application"]
    os.execv(PYTHON, [str(part) for part in command])  # noqa: S606


def tell_where(address: str) -> None:
    """Leave the address in var/ for commands in another shell, locked for as long as the server runs.

    `rbacadmin/serving.py` reads it. Of several servers on one folder the first is told.
    """
    path = Path(os.environ.get("RBACADMIN_VAR_DIR") or ROOT / "var") / "serving"
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return
    os.ftruncate(handle, 0)
    os.write(handle, address.encode())
    os.set_inheritable(handle, True)  # the lock goes over to the server, and ends with it


def certified() -> list[str]:
    """The server's options for the certificate that `make_certificate` has made."""
    folder = Path(os.environ.get("RBACADMIN_VAR_DIR") or ROOT / "var") / "tls"
    return [f"--ssl-certificate={folder / 'server.crt'}", f"--ssl-keyfile={folder / 'server.key'}"]


def test(arguments: list[str]) -> int:
    """Run pytest with the arguments, or without any the whole suite, leg by leg."""
    if arguments in (["--help"], ["-h"]):
        print(TEST_HELP)
        return 0
    install("test")
    if arguments:
        return subprocess.call([PYTHON, "-m", "pytest", *arguments])
    return subprocess.call([PYTHON, "-m", "tests.support.legs"])


def screenshots(arguments: list[str]) -> int:
    """Photograph the screens of the demo company."""
    install("test")
    return subprocess.call([PYTHON, "-m", "tests.support.screenshots", *arguments])


def manage(*arguments: str) -> None:
    subprocess.run([PYTHON, "manage.py", *arguments], check=True)


def seed_demo() -> None:
    if not any(ROOT.glob("*/management/commands/seed_demo.py")):
        raise SetupError("this version has no demo data (manage.py seed_demo); leave out --demo")
    say("Adding the demo company")
    manage("seed_demo")


def must_be_free(host: str, port: str) -> None:
    """Refuse early and clearly when something else listens there: the server itself would only say so after set-up."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, ValueError, OverflowError) as error:
        raise SetupError(
            f"cannot serve on {host} port {port}: {error}. PORT=8001 bin/serve takes another port"
        ) from None


if __name__ == "__main__":
    sys.exit(main())
