"""Go's text/template with the functions that Helm gives it, as far as charts use them (Helm 4.3)."""
