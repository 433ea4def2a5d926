"""Stand-ins for S3 and CloudFront: the edge in the embedded stack, the gate before a bucket of one's own."""
