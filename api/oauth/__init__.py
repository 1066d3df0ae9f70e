"""Signing in from a terminal, as OAuth words it: RFC 8628 to begin and to wait, RFC 7009 to end."""
