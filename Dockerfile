# Entente in two stages: one makes the environment from the lock, the other only runs it.
FROM python:3.11-slim AS environment

WORKDIR /opt/entente
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# `--build-arg EXTRAS=yes` brings the extras: buckets, planned portfolios, PDF files.
ARG EXTRAS=
COPY requirements.lock requirements-extras.lock ./
RUN python -m venv .venv \
    && .venv/bin/pip install --require-hashes -r "requirements${EXTRAS:+-extras}.lock"
COPY . .
# The project runs from its tree: one .pth file and the command, no second build tool.
RUN echo /opt/entente > "$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/entente.pth" \
    && printf '%s\n' '#!/opt/entente/.venv/bin/python' 'from app.cli.main import main' '' 'main()' > .venv/bin/entente \
    && chmod 0755 .venv/bin/entente \
    && .venv/bin/entente --help > /dev/null
RUN .venv/bin/python -m compileall -q app migrations

FROM python:3.11-slim

# What draws PDF files: Pango, and fonts for the six languages (25 MB).
ARG EXTRAS=
RUN if [ -n "$EXTRAS" ]; then \
        apt-get update \
        && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 \
            libharfbuzz-subset0 fonts-dejavu-core fonts-droid-fallback \
        && rm -rf /var/lib/apt/lists/*; \
    fi

RUN groupadd --gid 10001 entente \
    && useradd --uid 10001 --gid entente --no-create-home --home-dir /var/lib/entente entente \
    && install -d -o entente -g entente -m 0750 /var/lib/entente
COPY --from=environment /opt/entente /opt/entente

ENV PATH="/opt/entente/.venv/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ENTENTE_HOST=0.0.0.0 \
    ENTENTE_PORT=8000 \
    ENTENTE_DATABASE_URL=sqlite:////var/lib/entente/entente.db
WORKDIR /opt/entente
USER 10001:10001
VOLUME ["/var/lib/entente"]
EXPOSE 8000
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['ENTENTE_PORT']}/healthz\", timeout=2)"]

CMD ["entente", "serve"]
