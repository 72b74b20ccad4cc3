#!/usr/bin/env bash
# Builds the release into target/parlour/: the program `parlour`, the site it serves (hashed names, brotli and gzip beside
# each file) and hash.txt, which tells the names. The folder runs from anywhere, by itself.

. "$(dirname "$0")/env.sh"
cd "$ROOT"

# With PARLOUR_FIXED: what sends every picture whole to everyone, to be compared with.
OUT=$ROOT/target/parlour${PARLOUR_FIXED:+-fixed}
mkdir -p "$ROOT/target"
if has flock; then # the site's folder is shared: one build at a time
    exec 9>"$ROOT/target/.build.lock"
    flock -n 9 || { say "Waiting for another build to end" && flock 9; }
fi

say "Building the release (the server, and the room's WebAssembly)"
cargo leptos build --release ${PARLOUR_FIXED:+--lib-features fixed} 2>&1 | { grep --line-buffered -v 'tree-shaker; pass' || true; } # swc thinks aloud, in red

# New files beside the old, then a change of names: a server that runs from the folder is not disturbed.
rm -rf "$OUT.new"
mkdir -p "$OUT.new"
cp "$TARGET/release/parlour" "$TARGET/release/hash.txt" "$OUT.new/"
cp -R "$ROOT/target/site" "$OUT.new/site"
find "$OUT.new/site/pkg" -name '*.ts' -delete # declarations for TypeScript, which nobody downloads

say "Parting, slimming and compressing the site"
node scripts/split.mjs "$OUT.new/site"
node scripts/slim.mjs "$OUT.new/site" "$OUT.new/hash.txt"
node scripts/precompress.mjs "$OUT.new/site"

rm -rf "$OUT.old"
[ ! -d "$OUT" ] || mv "$OUT" "$OUT.old"
mv "$OUT.new" "$OUT"
rm -rf "$OUT.old"
say "Built target/parlour/"
