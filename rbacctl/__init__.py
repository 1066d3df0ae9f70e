"""rbacctl, the command line: a client over HTTP that knows nothing of the server but its API."""

VERSION = "0.1.0"  # of pyproject.toml: a clone is not installed, and has no metadata to ask
