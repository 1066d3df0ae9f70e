"""What every command has: `-o json|yaml`, failures as exit codes, and no secret among its arguments."""

import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from rbacctl.failure import Failure
from rbacctl.output import FORMATS
from rbacctl.session import session_of

SECRET = re.compile(r"(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{12,}")


def style(context: typer.Context, value: str | None) -> str | None:
    """The format asked for; what the command says next is in it."""
    if value is None:
        return None
    if value not in FORMATS:
        raise typer.BadParameter(f"Choose from: {', '.join(FORMATS)}.")
    session_of(context).screen.style = value
    return value


def output_option(names: list[str], *, also: bool) -> Any:
    """The option, as typer makes it of a function that takes nothing else."""
    option = typer.Option(
        *names,
        expose_value=False,
        metavar="|".join(FORMATS),
        help="How the answer is written." + (" Also -o json, -o yaml." if also else ""),
        callback=style,
        autocompletion=lambda: list(FORMATS),
    )

    def taking_it(output: Annotated[str | None, option] = None) -> None:
        """Never called."""

    only = typer.Typer(add_completion=False)
    only.command()(taking_it)
    return next(param for param in get_command(only).params if param.name == "output")


def worded(params: Iterable[Any]) -> list[Any]:
    """The parameters, with a word for what they take in the help, and none for switches: people do not type a <str>."""
    found = list(params)
    for param in found:
        if param.metavar is None and param.param_type_name == "argument":
            param.metavar = str(param.name).upper()
        if param.metavar is None or param.param_type_name == "argument":
            switch = param.param_type_name == "argument" or getattr(param, "is_flag", False) or param.name == "help"
            word = "" if switch else max(param.opts, key=len).rsplit("-", 1)[-1].upper()
            param.display_type_rich = lambda ctx, word=word: word
    return found


class Tree(TyperGroup):
    """A noun of this program. Its commands stand in the order in which one needs them, the others after them."""

    order: tuple[str, ...] = ()

    def get_params(self, ctx: Any) -> list[Any]:
        return worded(super().get_params(ctx))

    def list_commands(self, ctx: Any) -> list[str]:
        names = super().list_commands(ctx)
        return sorted(names, key=lambda name: self.order.index(name) if name in self.order else len(self.order))


class Command(TyperCommand):
    """A command of this program.

    LLMariner gives `-o` to the organization's title where there is one. There `-o json` and `-o yaml` still mean the
    format; for an organization of such a name there is `--organization-title`.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        taken = {text for param in self.params for text in param.opts}
        self.shared_o = "-o" in taken
        names = ["--output"] if self.shared_o else ["--output", "-o"]
        self.params.append(output_option(names, also=self.shared_o))

    def get_params(self, ctx: Any) -> list[Any]:
        return worded(super().get_params(ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if any(SECRET.search(text) for text in args):
            ctx.fail(
                "That is a secret, and now it stands in your shell's history. Name keys by their name or id; "
                "secrets are read from a prompt, from standard input or from a file. Rotate this one."
            )
        return super().parse_args(ctx, self.translated(args) if self.shared_o else args)

    def translated(self, args: list[str]) -> list[str]:
        """`-o json` as `--output json`."""
        found = list(args)
        for index, (text, following) in enumerate(pairwise([*args, ""])):
            if text == "--":
                break
            if text == "-o" and following in FORMATS:
                found[index] = "--output"
            elif text.startswith("-o") and text.removeprefix("-o").removeprefix("=") in FORMATS:
                found[index] = f"--output={text.removeprefix('-o').removeprefix('=')}"
        return found

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Failure as failure:
            session_of(ctx).screen.aside(str(failure))
            raise typer.Exit(failure.code) from None


def command(tree: typer.Typer, name: str, **options: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Put a function into a tree of commands."""
    return tree.command(name, cls=Command, **options)
