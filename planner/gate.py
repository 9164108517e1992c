"""The gate: every document is counted here before anything else looks at it."""

from functools import lru_cache

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    Lexer,
    Source,
    TokenKind,
    get_introspection_query,
    parse,
)
from graphql.validation import validation_context
from graphql.validation.rules import max_introspection_depth_rule, overlapping_fields_can_be_merged

from planner.counting import Counted, Counter, list_sizes
from planner.limits import Limits, too_many
from planner.refusals import BadRequest

# Two rules of graphql-core grow with the square of what they compare: fields that may have to be merged, and fragments
# seen from each operation. It bounds both by budgets, and lets whoever validates choose them; its own are worth 0.7 s
# of a pathological document (measured). The portal's largest page spends some hundreds of these.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 20_000
validation_context.MAX_FRAGMENT_WORK = 10_000
# Introspection grows by lists within lists: the fields of the types of fields. The standard one needs no second level,
# which in a second of the server's time yields less than it does (measured); graphql-core itself refuses the third.
max_introspection_depth_rule.MAX_LIST_DEPTH = 2

#: Questions about the schema may together yield so many times what the standard introspection yields.
_INTROSPECTIONS = 2


class Gate:
    """Counts documents before anything else looks at them."""

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self.limits = limits
        self._sizes, standard = _usual(schema)
        self._most_introspection = _INTROSPECTIONS * standard

    def read(self, text: str) -> DocumentNode:
        """Parse a document of acceptable length; a ``GraphQLError`` where it is not, or no GraphQL."""
        if len(text) > self.limits.characters:
            raise too_many("characters", len(text), self.limits.characters)
        try:
            return parse(text, max_lexical_tokens=self.limits.tokens, max_comments=self.limits.tokens)
        except GraphQLError as error:
            if self._breaks_off(text, error):
                raise too_many("tokens", self.limits.tokens + 1, self.limits.tokens) from None
            raise

    def judge(self, document: DocumentNode, *, trusted: bool) -> None:
        """Refuse a document that asks for too much, or for what is closed to whom we do not trust with it."""
        counter, limits = Counter(document, self._sizes), self.limits
        operations = counter.operations()
        _within("operations", len(operations), limits.operations)
        _within("fragments", counter.fragments, limits.fragments)
        for counted in operations:
            self._judge(counted)
            if counted.introspection and not (limits.introspection or trusted):
                raise BadRequest(
                    "This server does not answer questions about its schema; its documentation does.",
                    "INTROSPECTION_CLOSED",
                )

    def _judge(self, counted: Counted) -> None:
        limits = self.limits
        _within("depth", counted.depth, limits.depth)
        _within("root_fields", counted.root_fields, limits.root_fields)
        _within("aliases", counted.aliases, limits.aliases)
        _within("directives", counted.directives, limits.directives)
        _within("fields", counted.fields, limits.fields)
        _within("introspection", counted.introspection, self._most_introspection)

    def _breaks_off(self, text: str, error: GraphQLError) -> bool:
        """Whether parsing ended for the number of tokens: the parser tells it in words only, so count them again."""
        lexer, end = Lexer(Source(text)), next(iter(error.positions or ()), 0)
        for _ in range(self.limits.tokens):
            token = lexer.advance()
            if token.kind is TokenKind.EOF or token.start >= end:
                return False
        return True


def _within(what: str, count: int, limit: int) -> None:
    if count > limit:
        raise too_many(what, count, limit)


@lru_cache(maxsize=8)
def _usual(schema: GraphQLSchema) -> tuple[dict[str, int], int]:
    """How long a schema's lists about itself are, and what the standard introspection yields."""
    sizes = list_sizes(schema)
    (whole,) = Counter(parse(get_introspection_query(input_value_deprecation=True)), sizes).operations()
    return sizes, whole.introspection
