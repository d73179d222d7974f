"""Which column of a file stands for which field, and which word for which value."""
