"""Documents made to hurt, and such as stand just at a limit."""

from collections.abc import Callable

from planner.limits import Limits

#: Makes a document of some size.
Made = Callable[[int], str]

#: Small enough that a document at the limit can be read by whoever reads the test.
LIMITS = Limits(
    characters=1_500,
    tokens=200,
    operations=3,
    fragments=4,
    depth=6,
    fields=20,
    aliases=5,
    directives=4,
    root_fields=7,
    ids=3,
    values=10,
    cost=500,
)


def doubling(fragments: int) -> str:
    """Fragments that each spread the next one twice: a kilobyte that would be 2 ** fragments fields."""
    chain = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(fragments))
    return f"{{ ...F0 }} {chain} fragment F{fragments} on Query {{ head }}"


def nested_doubling(fragments: int) -> str:
    """The same, each time one level deeper and under two names: what collecting fields alone does not fold up."""
    chain = " ".join(
        f"fragment F{n} on City {{ a: like {{ ...F{n + 1} }} b: like {{ ...F{n + 1} }} }}"
        for n in range(fragments)
    )
    return f"{{ cities {{ nodes {{ ...F0 }} }} }} {chain} fragment F{fragments} on City {{ id }}"


def meshed(fragments: int) -> str:
    """Every fragment spreads all that come after it."""
    mesh = " ".join(
        f"fragment F{n} on Query {{ {' '.join(f'...F{m}' for m in range(n + 1, fragments))} head }}"
        for n in range(fragments)
    )
    return f"{{ ...F0 }} {mesh}"


def circling(fragments: int) -> str:
    """Fragments that spread each other in a circle."""
    circle = " ".join(
        f"fragment F{n} on Query {{ ...F{(n + 1) % fragments} ...F{(n + 1) % fragments} }}"
        for n in range(fragments)
    )
    return f"{{ ...F0 }} {circle}"


def deep(levels: int) -> str:
    """Braces within braces: 355 bytes of it hang a server that compares fields pair by pair."""
    return "{ a" + "{ a b: a" * levels + " }" * levels + " }"


def introspecting(levels: int) -> str:
    """The type references of the standard introspection, so many deep."""
    inside = "kind" + " ofType { kind" * levels + " }" * levels
    return f"{{ __schema {{ types {{ fields {{ type {{ {inside} }} }} }} }} }}"


#: What hung or slowed some server, by what it does; each within the bytes one request may have.
ATTACKS = {
    "30 levels in 355 bytes": deep(30),
    "doubling fragments": doubling(45),
    "doubling fragments, nested": nested_doubling(45),
    "more fragments than a chain is allowed": doubling(400),
    "meshed fragments": meshed(45),
    "circling fragments": circling(45),
    "a thousand aliases": "{" + " ".join(f'a{n}: event(id: "evt_{n}") {{ id }}' for n in range(1_000)) + "}",
    "one alias for many things": "{" + " ".join(f'a: event(id: "e{n}") {{ id }}' for n in range(150)) + "}",
    "one field, again and again": "{ viewer { account { " + "id " * 1_900 + "} } }",
    "wide directives": "query ($a: Boolean!) {" + " head @include(if: $a)" * 200 + "}",
    "directives within directives": "{" + "... @include(if: true) {" * 150 + "head" + "}" * 151,
    "directives on one field": "{ head " + "@include(if: true) " * 190 + "}",
    "a long list": "{ events(status: [" + "HELD " * 1_900 + "]) { totalCount } }",
    "lists within lists": "{ events(status: " + "[" * 190 + "HELD" + "]" * 190 + ") { totalCount } }",
    "objects within objects": "{ cities(named: " + "{a: " * 190 + '"x"' + "}" * 190 + ") { totalCount } }",
    "many arguments": "{ events(" + " ".join(f"a{n}: 1" for n in range(600)) + ") { totalCount } }",
    "many variables": "query (" + " ".join(f"$v{n}: Int" for n in range(400)) + ") { head }",
    "a type of lists of lists": "query ($v: " + "[" * 190 + "Int" + "]" * 190 + ") { head }",
    "many operations": " ".join(f"query Q{n} {{ head }}" for n in range(300)),
    "many operations of many fragments": " ".join(f"query Q{n} {{ ...F0 }}" for n in range(49)) + meshed(40)[10:],
    "a number of 5,000 digits": "{ events(first: " + "9" * 5_000 + ") { totalCount } }",
    "a name of 90,000 letters": "{" + "a" * 90_000 + "}",
    "a megabyte of text": '{ city(slug: "' + "a" * 1_000_000 + '") { id } }',
    "a megabyte of comments": "#\n" * 500_000 + "{ head }",
    "brackets without end": "{" * 100_000,
    "inline fragments without end": "{" + "...{" * 190 + "head " * 1_000 + "}" * 191,
    "introspection, again and again": "{" + " ".join(
        f"a{n}: __schema {{ types {{ fields {{ type {{ fields {{ name }} }} }} }} }}" for n in range(20)
    ) + "}",
    "introspection in circles": "{ __schema { types { fields { type { fields { type { fields { type { fields "
    "{ name } } } } } } } } } }",
    "lists of lists of lists": "{ cities(first: 100) { nodes { like { like { like { id } } } } } }",
}  # fmt: skip
