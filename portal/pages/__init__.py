"""The pages, one folder a noun: documents, templates, and the room that answers their addresses."""
