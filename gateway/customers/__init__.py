"""The end users of those who call: known by the name that a call carries, and nobody who signs in (seed 002)."""
