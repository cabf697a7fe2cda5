# Two images from one file: livraison (the receiver; the worker is the same image with another command), which
# is the default, and sandbox, a GitHub to try it against (docker-compose.sandbox.yml).

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --loglevel=error
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY worker worker
COPY sandbox sandbox
COPY scripts scripts
RUN npm run build

FROM node:22-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --loglevel=error

FROM node:22-bookworm-slim AS base
# tini: the worker starts programs, and the first process of a container must take in what they leave behind.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git tini \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY package.json ./
# Where commands get their checkouts.
RUN install -d -o node -g node /var/cache/livraison
ENV CACHE_DIR=/var/cache/livraison
# The user node. By its number, so that Kubernetes knows that it is not root.
USER 1000:1000
ENTRYPOINT ["tini", "--"]

FROM base AS sandbox
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist/sandbox dist/sandbox
EXPOSE 4568
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4568}/`).then(a => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/sandbox/main.js"]

FROM base AS livraison
USER root
# What commands need to reach another machine. More goes into an image of your own: docs/deploying-with.md.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends openssh-client rsync \
  && rm -rf /var/lib/apt/lists/*
# docker compose exec server livraison status
RUN printf '#!/bin/sh\nexec node /app/dist/bundle/livraison.js "$@"\n' > /usr/local/bin/livraison \
  && chmod +x /usr/local/bin/livraison
USER 1000:1000
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist/src dist/src
COPY --from=build /app/dist/worker dist/worker
COPY --from=build /app/dist/bundle dist/bundle
EXPOSE 4567
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4567}/healthz`).then(a => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/bundle/server.js"]
