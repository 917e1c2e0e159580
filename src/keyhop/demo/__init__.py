"""What ``keyhop demo`` shows: a bank's support desk, and a provider on this machine that answers its crew."""
