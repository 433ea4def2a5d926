"""Mail over SMTP, through the standard library."""
