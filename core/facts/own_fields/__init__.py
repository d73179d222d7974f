"""Fields that the company added to the catalogue."""
