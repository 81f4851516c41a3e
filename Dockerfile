# The worker, and the command line beside it: `docker compose exec worker python starter.py --help`.
FROM python:3.12-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /app

# Before the code, so that a change of code does not install the packages again.
COPY requirements/runtime.txt requirements/runtime.txt
RUN pip install --require-hashes --requirement requirements/runtime.txt

COPY . .
# Compiled once here, since the worker's own user cannot write to the code.
RUN python -m compileall -q . \
    && useradd --system --uid 10001 --no-create-home waymark

USER 10001
ENV WAYMARK_ENVIRONMENT=production

HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
    CMD ["python", "worker.py", "--check"]

CMD ["python", "worker.py"]
