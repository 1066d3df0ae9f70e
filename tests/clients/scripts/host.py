"""Runs scripts and commands, one for each line of standard input: to import the client takes seconds, once is enough.

A line is a JSON list: the name of a script with its arguments, or `litellm-proxy` with its own.
The answer is a line too: the exit code, what was said, and what was said on the side.
"""

import json
import runpy
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from litellm.proxy.client.cli import cli

answers = sys.stdout
for line in sys.stdin:
    name, *arguments = json.loads(line)
    said, aside, code = StringIO(), StringIO(), 0
    with redirect_stdout(said), redirect_stderr(aside):
        try:
            if name == "litellm-proxy":
                cli(arguments)
            else:
                sys.argv = [name, *arguments]
                runpy.run_path(str(Path(__file__).with_name(name)), run_name="__main__")
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 1
        except Exception:
            traceback.print_exc()
            code = 1
    answers.write(json.dumps([code, said.getvalue(), aside.getvalue()]) + "\n")
    answers.flush()
