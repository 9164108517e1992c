"""A refusal to start: one sentence that names what is wrong and what would mend it."""


class StartRefused(Exception):  # noqa: N818  # it reads as what happened; the sentence is its message
    """Rotunda cannot start as things stand. The command line prints the sentence and exits with 2."""
