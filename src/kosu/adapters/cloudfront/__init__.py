"""Amazon CloudFront's signed cookies: made for browsers, and checked by the embedded edge."""
