"""Customers who may be one: found, compared, merged, and taken apart again."""
