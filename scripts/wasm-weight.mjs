// Lists the bytes of a WebAssembly file with names: by section, by the crate a function comes from, and the largest functions.

import { readFileSync } from "node:fs";

const SECTIONS = ["custom", "type", "import", "function", "table", "memory", "global", "export", "start", "element", "code", "data", "data count", "tag"];
const LARGEST = Number(process.env.LARGEST ?? 25);

const bytes = readFileSync(process.argv[2]);
let at = 8; // past the magic number and the version

function leb() {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
}

function text() {
  const length = leb();
  at += length;
  return bytes.toString("utf8", at - length, at);
}

const sections = new Map();
const sizes = []; // of each function with a body
const names = new Map();
let imported = 0;

while (at < bytes.length) {
  const id = bytes[at++];
  const length = leb();
  const end = at + length;
  let what = SECTIONS[id] ?? `section ${id}`;
  if (id === 0) {
    what = `custom: ${text()}`;
    if (what === "custom: name") readNames(end);
  } else if (id === 2) {
    readImports();
  } else if (id === 10) {
    for (let left = leb(); left > 0; left -= 1) {
      const size = leb();
      sizes.push(size);
      at += size;
    }
  }
  sections.set(what, (sections.get(what) ?? 0) + length);
  at = end;
}

function readNames(end) {
  while (at < end) {
    const kind = bytes[at++];
    const next = leb() + at;
    if (kind === 1) for (let left = leb(); left > 0; left -= 1) names.set(leb(), text());
    at = next;
  }
}

function readImports() {
  for (let left = leb(); left > 0; left -= 1) {
    text();
    text();
    const kind = bytes[at++];
    if (kind === 0) {
      leb();
      imported += 1;
    } else {
      if (kind === 1 || kind === 3) at += 1; // a table's or a global's type
      if (kind === 3) at += 1; // whether it is mutable
      if (kind === 1 || kind === 2) {
        const limited = bytes[at++] & 1;
        leb();
        if (limited) leb();
      }
    }
  }
}

const functions = sizes.map((size, index) => ({ size, name: plain(names.get(imported + index) ?? "(no name)") }));

/** A demangled name without the hashes that tell versions of a crate and of a function apart. */
function plain(name) {
  return name.replaceAll(/\[[0-9a-f]{12,16}\]/g, "").replace(/::h[0-9a-f]{16}$/, "");
}

/** The first crate that a demangled name speaks of. */
function crateOf(name) {
  return /([A-Za-z_]\w*)::/.exec(name)?.[1] ?? "(glue)";
}

const crates = new Map();
for (const { size, name } of functions) crates.set(crateOf(name), (crates.get(crateOf(name)) ?? 0) + size);

function print(title, rows) {
  const all = rows.reduce((sum, [, size]) => sum + size, 0);
  console.log(`\n${title}`);
  for (const [what, size] of rows.toSorted((one, other) => other[1] - one[1]).slice(0, LARGEST)) {
    console.log(`  ${(size / 1024).toFixed(1).padStart(8)} KiB  ${((100 * size) / all).toFixed(1).padStart(5)} %  ${what.slice(0, 140)}`);
  }
}

print("WebAssembly by section, uncompressed (the names are not in the release)", [...sections]);
print("its code by crate (what was inlined counts where it ended up)", [...crates]);
print("its largest functions", functions.map(({ name, size }) => [name, size]));
