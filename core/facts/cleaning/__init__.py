"""One cell: from the text a person sees to a stored value."""
