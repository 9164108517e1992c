"""The conference as it starts: real cities, invented people, and events past and to come."""
