"""Amazon S3, and stores that speak its API, through boto3."""
