#!/bin/sh
# Starts SeaweedFS with one pair of keys, and makes the bucket once it answers.
set -eu
umask 077
cat >/tmp/s3.json <<END
{"identities": [{"name": "kosu", "actions": ["Admin"],
  "credentials": [{"accessKey": "$ACCESS_KEY", "secretKey": "$SECRET_KEY"}]}]}
END
(
    until wget -q -O /dev/null http://127.0.0.1:8333/status 2>/dev/null; do sleep 1; done
    # Says so and goes on where the bucket is there.
    echo "s3.bucket.create -name kosu-media" | weed shell -master=127.0.0.1:9333
) &
# By its name in the network: addresses change when containers are made anew.
exec weed server -ip=store -ip.bind=0.0.0.0 -dir=/data -volume.max=0 -master.volumeSizeLimitMB=1024 \
    -s3 -s3.config=/tmp/s3.json -s3.allowedOrigins="$ORIGIN"
