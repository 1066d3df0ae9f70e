"""The configuration file (`RBACADMIN_CONFIG`): LiteLLM's YAML, read with line numbers and believed only as a whole."""

from rbacadmin.config_file.reading import ConfigFile, Mistake, Mistakes, read

__all__ = ("ConfigFile", "Mistake", "Mistakes", "read")
