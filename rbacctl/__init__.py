"""rbacctl, the command line: a client over HTTP that knows nothing of the server but its API."""
