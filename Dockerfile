# Parlour in a container: the program, the site, and nothing that could be run beside them, not even a shell.
#
#   docker build -t parlour .
#   docker run -d --name parlour --restart always -v parlour:/state \
#       -p 443:443/tcp -p 443:443/udp -p 80:80/tcp -e PARLOUR_DOMAIN=example.org parlour
#
# Options are given as variables, so that the health check, which is a program of its own, knows of them too.
#
# The program needs glibc, libgcc and the system's authorities, which is what this base image is. It runs as nobody in
# particular (65532); that it may listen below port 1024 is the engine's default for its networks.

FROM node:22-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
RUN rustup target add wasm32-unknown-unknown
WORKDIR /source
COPY . .
RUN make build && mkdir /state

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /source/target/parlour /parlour
COPY --from=build --chown=65532:65532 /state /state
ENV PARLOUR_STATE_DIR=/state
VOLUME /state
EXPOSE 80/tcp 443/tcp 443/udp 3000/tcp 3000/udp
HEALTHCHECK --interval=30s --timeout=6s --start-period=10s CMD ["/parlour/parlour", "health"]
ENTRYPOINT ["/parlour/parlour"]
