"""The demo company of `bin/serve --demo`."""
