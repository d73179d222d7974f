"""The field catalogue, a module for each group of files; `core.facts.fields` puts them together."""
