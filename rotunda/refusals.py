"""A refusal to start: one sentence that names what is wrong and what would mend it."""


class StartRefused(Exception):
    """Rotunda cannot start as things stand. The command line prints the sentence and exits with 2."""
