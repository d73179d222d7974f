"""Whether everything of a file arrived."""
