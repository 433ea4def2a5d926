# One build, three images: docker build --target api|worker|scheduler --build-arg COMMIT_SHA=… .
ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS build
WORKDIR /app
COPY requirements/bootstrap.txt requirements/runtime.txt requirements/
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/runtime.txt
COPY src src
COPY entrypoints entrypoints
COPY migrations migrations
COPY pyproject.toml README.md LICENSE ./
RUN /venv/bin/python -m compileall -q /venv/lib src entrypoints

FROM ${PYTHON_IMAGE} AS base
ARG COMMIT_SHA=unknown
LABEL org.opencontainers.image.title="kosu" \
      org.opencontainers.image.revision="${COMMIT_SHA}" \
      org.opencontainers.image.licenses="Apache-2.0"
# The checkout is run as it is, so that `migrations/` is where the code looks for it.
ENV PATH=/venv/bin:$PATH PYTHONPATH=/app/src:/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --no-create-home kosu
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
USER 10001
STOPSIGNAL SIGTERM

FROM base AS api
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
CMD ["granian", "--interface", "asgi", "--factory", "--http", "1", "--no-ws", "--loop", "uvloop", "--host", "0.0.0.0", \
     "--port", "8000", "--no-access-log", "entrypoints.api.app:create_app"]

FROM base AS scheduler
ENV KOSU_READY_FILE=/tmp/ready
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["test", "-f", "/tmp/ready"]
CMD ["python", "-m", "entrypoints.scheduler"]

FROM base AS worker
USER 0
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ffmpeg \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o 10001 /work
ENV KOSU_FFMPEG_PATH=/usr/bin/ffmpeg KOSU_MEDIA_WORK_DIR=/work KOSU_READY_FILE=/tmp/ready
VOLUME /work
USER 10001
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["test", "-f", "/tmp/ready"]
# All queues at once. Better is a deployment for each, whose command ends in `--queues payments`, `default` or `media`.
CMD ["python", "-m", "entrypoints.worker"]
