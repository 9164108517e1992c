"""Delegations, both sides."""
