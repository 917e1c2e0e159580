"""What a host's own service managers start: units of systemd and jobs of cron."""
