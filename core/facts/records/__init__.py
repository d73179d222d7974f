"""The records of `core.facts`, by subject. Everybody else imports them from `core.facts.tables`."""
