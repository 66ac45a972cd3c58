# cachemark in an image of its own: `docker build --tag cachemark .`, then `docker run --rm cachemark sweep`. docs/compose.md says more.
#
# The last image has nothing but the program, its man pages and completions, bash for the health check, and the libraries of the two.
ARG RUST_IMAGE=rust:1.95-bookworm
ARG DEBIAN_IMAGE=debian:bookworm-slim

FROM ${RUST_IMAGE} AS build
WORKDIR /src
COPY . .
RUN scripts/package /dist

# From here on, what scripts/test-image builds of a package that is there.
FROM ${DEBIAN_IMAGE} AS root
COPY --from=build /dist /dist
RUN set -eu; \
    dpkg-deb --extract /dist/*.deb /made; \
    mkdir -p /made/bin /made/etc /made/tmp /made/results; \
    cp /bin/bash /made/bin/bash; \
    ln -s bash /made/bin/sh; \
    for library in $(ldd /bin/bash /made/usr/bin/cachemark | grep -o '/[^ :]*[.]so[^ :]*' | sort -u); do \
        cp --dereference --parents "$library" /made; \
    done; \
    echo 'cachemark:x:10001:10001::/results:/bin/bash' >/made/etc/passwd; \
    echo 'cachemark:x:10001:' >/made/etc/group; \
    chmod 1777 /made/tmp; \
    chown 10001:10001 /made/results

FROM scratch
COPY --from=root /made /
ENV PATH=/usr/bin:/bin LC_ALL=C.UTF-8 HOME=/results CACHEMARK_OUT=/results
USER 10001:10001
WORKDIR /results
VOLUME /results
EXPOSE 8080
# Of `cachemark serve --listen 0.0.0.0:8080`; any other command is healthy as long as it runs.
HEALTHCHECK --interval=5s --timeout=4s --retries=6 CMD ["bash", "-c", "mapfile -d '' -t words </proc/1/cmdline; [[ \" ${words[*]} \" == *' serve '* ]] || exit 0; exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /ready HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r answer <&3 && [[ $answer == *' 200 '* ]]"]
ENTRYPOINT ["cachemark"]
CMD ["--help"]
