"""What is asked of the person, and where secrets come from and go to."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from rbacctl import files
from rbacctl.failure import Code, Failure
from rbacctl.session import Session

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
SecretFile = Annotated[
    Path | None, typer.Option("--secret-file", help="Write the secret into this new file (0600) and do not print it.")
]


def sure(question: str, yes: bool) -> None:
    """Ask unless it was said already. Raises Failure for a no, which is also what no answer means."""
    if yes:
        return
    try:
        agreed = typer.confirm(question, default=False, err=True)
    except typer.Abort:
        typer.echo(err=True)  # the question stands on a line of its own
        agreed = False
    if not agreed:
        raise Failure("Nothing was changed. (--yes answers in advance.)", Code.NO)


def secret(file: str | None) -> str:
    """A secret from a file, from standard input (`-`), or typed unseen; never from the command line."""
    if file is None:
        text = typer.prompt("Key", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()
    elif file == "-":
        text = sys.stdin.readline()
    else:
        try:
            text = Path(file).read_text()
        except (OSError, UnicodeDecodeError) as error:
            raise Failure(f"{file} cannot be read ({type(error).__name__}).", Code.USAGE) from None
    found = str(text).strip()
    if not found or any(letter.isspace() or not letter.isprintable() for letter in found):
        raise Failure("A key is one word of printable characters.", Code.USAGE)
    return found


def free(path: Path | None) -> None:
    """Raise Failure before anything is made when its secret could not be kept there."""
    if path is not None and (path.exists() or not path.parent.is_dir()):
        raise Failure(f"{path} is there already, or its folder is not.", Code.USAGE)


def handed_over(session: Session, sentence: str, row: dict[str, object], name: str, path: Path | None) -> None:
    """Show what was made, with the secret in `row[name]`: on standard output, or in a file of its own."""
    if path is None:
        session.screen.done(f"{sentence} Its secret, shown this once: {row[name]}", row)
        return
    files.write_private(path, f"{row[name]}\n")
    kept = {**row, name: None, "secret_file": str(path)}
    session.screen.done(f"{sentence} Its secret is in {path}.", kept)
