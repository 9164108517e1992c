"""The doorway `/graphql`: one address, three transports (HTTP, graphql-transport-ws, graphql-sse) over one `Service`."""
