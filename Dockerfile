# keywire in a container: follows what /data/config.yaml says, keeps its store in /data, and
# serves on port 8700. packaging/docker/config.yaml is a configuration to begin with.

FROM python:3.12-slim AS build
WORKDIR /build
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY keywire keywire
COPY scraper scraper
COPY store store
COPY feeds feeds
RUN python -m venv /opt/keywire
# A pip that knows --build-constraint.
RUN /opt/keywire/bin/python -m pip install --no-cache-dir --constraint constraints.txt pip
RUN /opt/keywire/bin/python -m pip wheel --no-cache-dir --no-deps \
      --build-constraint constraints.txt --wheel-dir dist .
# With psycopg: one image serves both databases.
RUN /opt/keywire/bin/python -m pip install --no-cache-dir --constraint constraints.txt \
      "$(echo dist/keywire-*.whl)[postgresql]"

FROM python:3.12-slim
RUN useradd --system --uid 10001 --user-group --home-dir /data --no-create-home keywire \
  && install --directory --owner=keywire --group=keywire --mode=0750 /data
COPY --from=build /opt/keywire /opt/keywire
ENV PATH=/opt/keywire/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    KEYWIRE_STORE=sqlite:////data/keywire.db
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8700
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8700, timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["keywire"]
CMD ["run", "--config", "/data/config.yaml"]
