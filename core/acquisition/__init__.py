"""How strangers become customers: the funnel of leads, and what the channels bring for their money."""
