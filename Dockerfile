# syntax=docker/dockerfile:1

# The server with its page. Build it with `make image`; run it with the settings of .env.example:
#   docker run --env-file .env --publish 7001:7001 --volume streamer-event-data:/data streamer-event-server

FROM node:20-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
# The image's own toolchain, whatever rust-toolchain.toml would fetch.
ENV RUSTUP_TOOLCHAIN=1.95.0
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /src
# The tools change seldom: a layer of their own.
COPY scripts/lib.sh scripts/setup.sh scripts/
COPY scripts/npm scripts/npm
RUN --mount=type=cache,target=/usr/local/cargo/registry scripts/setup.sh
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    scripts/build.sh backend \
    && install -D target/release/streamer-event-server /out/streamer-event-server

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin server \
    && install --directory --owner=server --group=server --mode=0700 /data
COPY --from=build /out/streamer-event-server /usr/local/bin/streamer-event-server
USER 10001
ENV BIND_ADDR=0.0.0.0:7001 \
    DATA_DIR=/data
VOLUME /data
WORKDIR /data
EXPOSE 7001
# Alive, not ready: a database that is away for a while is no reason to start anew.
HEALTHCHECK --interval=15s --timeout=3s --start-period=15s CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/7001 && printf 'GET /healthz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["streamer-event-server"]
