"""The edge: a local stand-in for S3's presigned URLs and CloudFront's signed delivery, for the embedded stack only."""
