"""Every view as a picture, for eyes to judge."""
