# The image of the chart charts/ark: the built program, its production packages, and no compiler.
#   docker build -t nest-ark:dev .
# For a build that can be repeated, name the base by digest: --build-arg NODE_IMAGE=node:24-bookworm-slim@sha256:…
# test/contract/chart/image.contract.ts runs the steps below, word for word, in a temporary folder.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package of ours needs its install script: Node comes with the base image.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY plugins ./plugins
RUN npm run build
RUN npm prune --omit=dev --ignore-scripts
# What only compilers and debuggers read: a third of the size.
RUN find dist node_modules -name '*.map' -delete -o -name '*.d.*ts' -delete && rm dist/.tsbuildinfo

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY bin ./bin
COPY crds ./crds
COPY LICENSE ./
# The user `node` of the base image; by number, so that Kubernetes can see that it is not root. The mode on /data lets
# a bare `docker run` keep its files there.
RUN mkdir -m 0700 /data && chown 1000:1000 /data
USER 1000:1000
EXPOSE 8080
ENTRYPOINT ["node", "/app/bin/ark.js"]
CMD ["start"]
