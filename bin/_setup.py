"""Keeps `.venv` in step with a lock file. Standard library only, and nothing newer than Python 3.11.0."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = {"base": VENV / ".installed-base", "test": VENV / ".installed-test"}
HOLDS = {"base": ["base"], "test": ["base", "test"]}  # test.txt pins all of base.txt, at the same versions


class SetupError(Exception):
    """Set-up cannot go on; the text says why and what would help."""


def say(text: str) -> None:
    print(f"==> {text}", flush=True)


def install(lock: str) -> None:
    """Make `.venv` hold what requirements/<lock>.txt pins. Does nothing when it does already."""
    (ROOT / ".cache").mkdir(exist_ok=True)
    with (ROOT / ".cache" / "setup.lock").open("w") as guard:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another set-up in this folder")
            fcntl.flock(guard, fcntl.LOCK_EX)
        version = venv_version() or make_venv()
        if read(STAMPS[lock]) == stamp(lock, version):
            return
        # While packages change no stamp holds, and the other lock's packages may change too: all stamps go first.
        for path in STAMPS.values():
            path.unlink(missing_ok=True)
        started = time.monotonic()
        install_packages(ROOT / "requirements" / f"{lock}.txt")
        write_path_file()
        for name in HOLDS[lock]:
            STAMPS[name].write_text(stamp(name, version))
        say(f"Packages are installed ({time.monotonic() - started:.0f} s)")


def venv_version() -> str:
    """The version of the Python in `.venv`, empty when there is none that works or it is too old."""
    code = "import sys; print(sys.version) if sys.version_info >= (3, 11) else sys.exit(1)"
    try:
        return subprocess.run([PYTHON, "-c", code], check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


def make_venv() -> str:
    """Make `.venv` anew with the running Python; give its version."""
    say(f"Making .venv with Python {sys.version.split()[0]}")
    if uv := find_uv():
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV], check=True)
        return venv_version()
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        raise SetupError(
            f"{sys.executable} comes without venv and pip. On Debian and Ubuntu: apt-get install python3-venv. "
            "Or put uv on PATH. Or set PYTHON to another Python, 3.11 or newer"
        ) from None
    venv.create(VENV, clear=True, with_pip=True, symlinks=True)
    return venv_version()


def install_packages(lock: Path, target: str = "", python: Path = PYTHON) -> None:
    """Install from the lock with uv, or with pip where there is no uv or it fails (it ignores pip's own settings).

    Into the environment of `python`, or into the folder `target`.
    """
    pins = sum("==" in line for line in lock.read_text().splitlines())
    # A lock is complete; what the clients' lock leaves out is left out on purpose.
    strict = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement", str(lock)]
    if target:
        strict += ["--target", target]
    if uv := find_uv():
        say(f"Installing {pins} packages with uv")
        compiled = ["--compile-bytecode"] if python == PYTHON else []
        if run_quietly([uv, "pip", "install", *compiled, "--python", str(python), *strict]):
            return
        say("uv failed, trying pip")
    if subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode != 0:
        subprocess.run([PYTHON, "-m", "ensurepip", "--default-pip"], check=True)
    say(f"Installing {pins} packages with pip")
    aside = ["--python", str(python)] if python != PYTHON else []
    pip = [str(PYTHON), "-m", "pip", *aside, "install", "--disable-pip-version-check", "--no-input"]
    if not run_quietly([*pip, *(["--no-compile"] if aside else []), *strict]):
        raise SetupError("the packages could not be installed; the lines above say why")


def run_quietly(command: list[str]) -> bool:
    """Run an installer with a sign of life every few seconds; show its output only when it fails. Says if it worked."""
    started = time.monotonic()
    with tempfile.NamedTemporaryFile("w+", errors="replace") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        done = threading.Event()

        def show_life() -> None:
            while not done.wait(5):
                lines = Path(output.name).read_text(errors="replace").split("\n")
                print(f"    {time.monotonic() - started:3.0f} s  {lines[-1] or lines[-2:][0]:.100}", flush=True)

        threading.Thread(target=show_life, daemon=True).start()
        try:
            worked = process.wait() == 0
        finally:
            done.set()
            if process.poll() is None:  # Ctrl-C
                process.terminate()
                process.wait()
        if not worked:
            output.seek(0)
            print("".join(output.readlines()[-40:]), flush=True)
        return worked


def find_uv() -> str:
    """A uv that runs, or nothing: what PATH names may be a version manager's empty shim."""
    uv = shutil.which("uv")
    return uv if uv and subprocess.run([uv, "--version"], capture_output=True).returncode == 0 else ""


def write_path_file() -> None:
    """Let `.venv/bin/pytest` find the project's packages too, as `python -m pytest` in the project's folder does."""
    for site_packages in VENV.glob("lib/python*/site-packages"):
        (site_packages / "rbacadmin.pth").write_text(f"{ROOT}\n")


def stamp(lock: str, version: str) -> str:
    content = (ROOT / "requirements" / f"{lock}.txt").read_bytes()
    return hashlib.sha256(content + version.encode() + os.fsencode(ROOT)).hexdigest()


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def install_aside(lock: str, folder: Path) -> None:
    """Make `folder` an environment of its own that holds what the lock pins."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--clear", str(folder)], check=True)
    install_packages(ROOT / "requirements" / f"{lock}.txt", python=folder / "bin" / "python")


if __name__ == "__main__":
    if sys.argv[1] == "aside":
        install_aside(sys.argv[2], Path(sys.argv[3]))
    else:
        install_packages(ROOT / "requirements" / f"{sys.argv[1]}.txt", target=sys.argv[2])
