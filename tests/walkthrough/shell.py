"""Just enough of a shell to run the page against Django's test client: curl, variables and nothing else."""

import json
import re
import shlex
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from tests.walkthrough.page import HOST

ASSIGNMENT = re.compile(r"^(\w+)=\$\(field (\w+)\)$", re.MULTILINE)
COMMAND = re.compile(r"^curl .*?(?= \| tee answer\.json$)", re.MULTILINE | re.DOTALL)


@dataclass
class Shell:
    """What a reader's terminal knows after some blocks."""

    variables: dict[str, str] = field(default_factory=dict)

    def run(self, script: str) -> Any:
        """Make the block's request, keep what it assigns, and return the answer."""
        command = COMMAND.search(script)
        assert command, f"no curl in {script}"
        answer = self.curl(shlex.split(self.filled(command[0].replace("\\\n", " "))))
        for name, key in ASSIGNMENT.findall(script):
            self.variables[name] = answer[key]
        return answer

    def filled(self, command: str) -> str:
        return re.sub(r'"\$(\w+)"', lambda match: self.variables[match[1]], command)

    def curl(self, words: list[str]) -> Any:
        """curl's own meaning of the options that the page uses."""
        method, body, headers, url = "", "", {}, ""
        rest = iter(words[1:])
        for word in rest:
            if word in ("-X", "--request"):
                method = next(rest)
            elif word in ("-H", "--header"):
                name, _, value = next(rest).partition(": ")
                headers[name] = value
            elif word in ("-d", "--data"):
                body = next(rest)
            elif word not in ("--location", "-s"):
                url = word
        assert url.startswith(HOST), url
        answer = Client().generic(
            method or ("POST" if body else "GET"),
            url.removeprefix(HOST),
            body,
            content_type="application/json",
            headers=headers,
        )
        return json.loads(answer.content)
