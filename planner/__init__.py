"""How it is read: a GraphQL selection becomes one SQL statement. Knows no domain at all."""
