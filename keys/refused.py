"""How a bearer token is turned away."""


class AuthenticationFailed(Exception):
    """401. `code` is LiteLLM's error type: `auth_error`, `token_not_found_in_db` or `expired_key`."""

    status = 401

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class TokenRefused(AuthenticationFailed):
    """A JWT that is turned away: 401 for a bad one, 403 for one that says too little, 400 when the caller must choose
    a team, 503 while the provider's keys cannot be had. The message never repeats the token or its claims' secrets.
    """

    def __init__(self, message: str, *, status: int = 401, code: str = "auth_error", retry_after: int = 0) -> None:
        super().__init__(code, message)
        self.status = status
        self.retry_after = retry_after  # seconds, with 503
