#!/usr/bin/env bash
# Packs target/parlour/ and what is needed to install it into target/parlour-VERSION-SYSTEM-ARCH.tar.gz: the same files give the
# same bytes.

. "$(dirname "$0")/env.sh"
cd "$ROOT"

BUILD=$ROOT/target/parlour
[ -x "$BUILD/parlour" ] || fail 'there is no build: make build'
VERSION=$("$BUILD/parlour" --version | awk '{ print $2 }')
NAME=parlour-$VERSION-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)
FOLDER=$ROOT/target/$NAME

rm -rf "$FOLDER"
mkdir "$FOLDER"
cp -R "$BUILD"/. "$FOLDER/"
cp -R hosting/install.sh hosting/systemd LICENSE README.md "$FOLDER/"
for page in hosting proxies; do
    [ ! -e "docs/$page.md" ] || cp "docs/$page.md" "$FOLDER/"
done
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@${SOURCE_DATE_EPOCH:-0}" \
    -C "$ROOT/target" -cf - "$NAME" | gzip -9n >"$FOLDER.tar.gz"
rm -rf "$FOLDER"
say "Packed target/$NAME.tar.gz ($(du -h "$FOLDER.tar.gz" | cut -f1))"
