"""From staged text to typed rows and problems."""
