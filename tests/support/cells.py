"""Many cells of a table in one test: all are tried, and every one that fails is named, with its own traceback."""

from collections.abc import Iterator
from contextlib import contextmanager


class Cells:
    """`with cells.cell("as a member"): ...` for each cell; `judge` fails with all that went wrong."""

    def __init__(self) -> None:
        self.wrong: dict[str, Exception] = {}
        self.tried = 0

    @contextmanager
    def cell(self, name: str) -> Iterator[None]:
        """Keep what goes wrong inside, under this name."""
        self.tried += 1
        try:
            yield
        except Exception as error:
            error.add_note(f"in the cell: {name}")
            self.wrong[name] = error

    def judge(self) -> None:
        """Raises what was kept. A table without cells shows nothing, so that fails too."""
        assert self.tried, "not one cell was tried"
        if self.wrong:
            names = "; ".join(self.wrong)
            raise ExceptionGroup(f"{len(self.wrong)} of {self.tried} cells: {names}", list(self.wrong.values()))


@contextmanager
def cells() -> Iterator[Cells]:
    """The cells of one test, judged at the end."""
    table = Cells()
    yield table
    table.judge()
