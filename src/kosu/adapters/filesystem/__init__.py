"""Objects and mails in a folder: what the embedded stack has in place of S3 and a mail server. Imports stay light."""
