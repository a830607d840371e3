"""pmtui: the project manager's day in one terminal."""
