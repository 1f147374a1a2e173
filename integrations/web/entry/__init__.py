"""How people come in: invitations, sign-in, sign-out, and the notice on privacy."""
