"""`python -m benchmarks hotpath`, `python -m benchmarks manifests`."""

import sys

from benchmarks import hotpath, resources

COMMANDS = {"hotpath": hotpath.main, "manifests": resources.main}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f"usage: python -m benchmarks {{{','.join(COMMANDS)}}} [...]")
    sys.exit(COMMANDS[sys.argv[1]](sys.argv[2:]))
