"""The doorway `/graphql`: HTTP, graphql-transport-ws and graphql-sse at one address, over one `Service`."""
