"""What a person sees: pages, each one GraphQL document and one template."""
