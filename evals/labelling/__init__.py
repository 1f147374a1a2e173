"""Labels by people: sheets to fill in without a service, and what comes back."""
