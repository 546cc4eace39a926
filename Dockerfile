# One image per service: `docker build --target metadata .`; `compose/compose.yaml` builds them all.
# Base images can be given by digest (--build-arg DEBIAN_IMAGE=debian@sha256:…); what else floats: docs/deployment.md.
ARG SWIFT_IMAGE=swift:6.3-bookworm
ARG DEBIAN_IMAGE=debian:bookworm-slim
ARG REDIS_IMAGE=redis:7-bookworm
ARG NGINX_IMAGE=nginx:1-bookworm

# ---- what the services stand on, on a host of its own -------------------------------------------------------------

FROM ${REDIS_IMAGE} AS redis
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="millrace-redis" org.opencontainers.image.version="${VERSION}"
USER root
RUN mkdir -p /var/lib/redis-data && chown 10001:10001 /var/lib/redis-data
COPY compose/redis/users.acl.template compose/redis/start /etc/millrace/
USER 10001:10001
WORKDIR /var/lib/redis-data
EXPOSE 6379
ENTRYPOINT ["sh", "/etc/millrace/start"]
CMD []
# A long AOF is read before it answers.
HEALTHCHECK --interval=2s --timeout=3s --start-period=600s CMD ["sh", "/etc/millrace/start", "--health"]

FROM ${NGINX_IMAGE} AS edge
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="millrace-edge" org.opencontainers.image.version="${VERSION}"
USER root
RUN mkdir -p /var/lib/edge/cache /var/lib/edge/tmp /var/lib/millrace && chown -R 10001:10001 /var/lib/edge /var/lib/millrace
COPY compose/edge/nginx.conf.template compose/edge/start /etc/millrace/
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["sh", "/etc/millrace/start"]
CMD []
HEALTHCHECK --interval=2s --timeout=3s --start-period=60s CMD ["sh", "/etc/millrace/start", "--health"]

# ---- the executables ----------------------------------------------------------------------------------------------

FROM ${SWIFT_IMAGE} AS build
RUN apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends \
    pkg-config libhiredis-dev libssl-dev libvips-dev libexif-dev libcurl4-openssl-dev libavformat-dev libavcodec-dev \
    libavfilter-dev libavutil-dev libswscale-dev libswresample-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# Dependencies stay in a layer of their own until the package names others.
COPY Package.swift ./
RUN swift package resolve
COPY Shared Shared
COPY Services Services
COPY Tools Tools
COPY Tests Tests
RUN mkdir /out && for name in \
    upload-gateway ingest-listener metadata variants transcoder manifest-writer notifier millrace; do \
    swift build -c release --static-swift-stdlib -Xlinker -s --product "$name" && cp ".build/release/$name" /out/ || exit 1; \
    done

# ---- what all of them need to run ---------------------------------------------------------------------------------

FROM ${DEBIAN_IMAGE} AS base
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.vendor="Millrace" org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"
RUN apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends \
    ca-certificates libcurl4 libhiredis0.14 libssl3 libstdc++6 \
    && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* \
    && echo 'millrace:x:10001:' >>/etc/group \
    && echo 'millrace:x:10001:10001::/nonexistent:/usr/sbin/nologin' >>/etc/passwd \
    && mkdir -p /var/lib/millrace /var/tmp/millrace && chown 10001:10001 /var/lib/millrace /var/tmp/millrace
# Debian's own user for nobody's files would do, but volumes are shared by number: this one is ours alone.
USER 10001:10001
ENV MILLRACE_HOST=0.0.0.0 MILLRACE_LOG=json

FROM base AS upload-gateway
LABEL org.opencontainers.image.title="upload-gateway"
COPY --from=build /out/upload-gateway /usr/local/bin/
EXPOSE 8081
ENTRYPOINT ["/usr/local/bin/upload-gateway"]
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s CMD ["/usr/local/bin/upload-gateway", "--health"]

FROM base AS ingest-listener
LABEL org.opencontainers.image.title="ingest-listener"
COPY --from=build /out/ingest-listener /usr/local/bin/
EXPOSE 8082
ENTRYPOINT ["/usr/local/bin/ingest-listener"]
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s CMD ["/usr/local/bin/ingest-listener", "--health"]

FROM base AS manifest-writer
LABEL org.opencontainers.image.title="manifest-writer"
COPY --from=build /out/manifest-writer /usr/local/bin/
EXPOSE 8086
ENTRYPOINT ["/usr/local/bin/manifest-writer"]
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s CMD ["/usr/local/bin/manifest-writer", "--health"]

FROM base AS notifier
LABEL org.opencontainers.image.title="notifier"
COPY --from=build /out/notifier /usr/local/bin/
EXPOSE 8087
ENTRYPOINT ["/usr/local/bin/notifier"]
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s CMD ["/usr/local/bin/notifier", "--health"]

# The operator's command line: docker run --rm … millrace keys create --project demo
FROM base AS millrace
LABEL org.opencontainers.image.title="millrace"
COPY --from=build /out/millrace /usr/local/bin/
ENTRYPOINT ["/usr/local/bin/millrace"]
HEALTHCHECK NONE

# ---- pictures, films ----------------------------------------------------------------------------------------------

FROM base AS transcoder
LABEL org.opencontainers.image.title="transcoder"
USER root
RUN apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends \
    libavcodec59 libavfilter8 libavformat59 libavutil57 libswresample4 libswscale6 \
    && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/*
USER 10001:10001
COPY --from=build /out/transcoder /usr/local/bin/
EXPOSE 8085
ENTRYPOINT ["/usr/local/bin/transcoder"]
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s CMD ["/usr/local/bin/transcoder", "--health"]

FROM base AS pictures
USER root
RUN apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends libvips42 \
    && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/*
USER 10001:10001

FROM pictures AS variants
LABEL org.opencontainers.image.title="variants"
COPY --from=build /out/variants /usr/local/bin/
EXPOSE 8084
ENTRYPOINT ["/usr/local/bin/variants"]
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s CMD ["/usr/local/bin/variants", "--health"]

FROM pictures AS metadata
LABEL org.opencontainers.image.title="metadata"
USER root
RUN apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends \
    libavcodec59 libavfilter8 libavformat59 libavutil57 libexif12 libswresample4 libswscale6 \
    && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/*
USER 10001:10001
COPY --from=build /out/metadata /usr/local/bin/
EXPOSE 8083
ENTRYPOINT ["/usr/local/bin/metadata"]
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s CMD ["/usr/local/bin/metadata", "--health"]
