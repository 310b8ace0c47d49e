"""Placeholder entry."""
