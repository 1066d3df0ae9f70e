"""One file for each noun; each function is one command."""
