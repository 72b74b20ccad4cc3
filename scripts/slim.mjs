// Takes out of a built site what nobody needs: the long names that the WebAssembly and its JavaScript know each other by, the
// exports of wasm-streams, which Parlour does not use, the paths of source files on the machine that built it, and sentences
// that only a panic or a discarded error would tell. Parts the JavaScript as the WebAssembly was (glue.mjs), gives all files new
// names after their new contents, and writes those names into hash.txt.
//
// usage: slim.mjs SITE HASHES

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UNUSED, partGlue, withoutFunction } from "./glue.mjs";

/** The module that imports of JavaScript's functions name. */
const SCRIPT = /_bg\.js$/;
/** Exports that only the JavaScript beside it calls; others are called by the page under their names. */
const INTERNAL = /^(__|wasm_bindgen_)/;
const UNUSED_CLASSES = /export class IntoUnderlying\w+\{.*?\}Symbol\.dispose&&\(\w+\.prototype\[Symbol\.dispose\]=\w+\.prototype\.free\);/gs;
const FEATURES = ["--enable-bulk-memory", "--enable-nontrapping-float-to-int", "--enable-reference-types", "--enable-sign-ext"];
/** The order that gave the smallest file after compression. */
const PASSES = ["--duplicate-function-elimination", "--merge-similar-functions", "--flatten", "--rereloop", "-Oz", "-Oz"];
/** The lowest kilobyte is the end of the stack, where nothing is before everything else fails. */
const ASSUMED = ["--low-memory-unused"];
/** Nothing on the page writes a panic or the cause of a message that could not be read; what is not found here any more, stays. */
const UNTOLD = [
  /entity not found.*?uncategorized error/,
  /EOF while parsing a list.*?recursion limit exceeded/,
  /Value is None because the `ssr` feature.*?identify the source\./,
  /struct (variant )?[A-Za-z]+(::[A-Za-z]+)? with \d elements?/,
  /struct variant (Server|Peer)Message::(Carried|Carry|Beat|Repair|Signal|Lost|Refused|MediaChanged|Left|Echo)/,
  /struct (MediaState|Participant|IceServer|Candidate|RoomSettings|Signal|Welcome)/,
  /byte arrayOption value.*?struct varianta booleanunita string/,
  /attempted to take ownership of Rust value.*?unsafe aliasing in rust/,
  /assertion failed: (\(\*\w+\)\.value\.is_\w+\(\)|psize .= size . \w+_overhead|self\.is_char_boundary\(new_len\))/,
  /called `\w+::unwrap\(\)` on an? `\w+` value/,
  /(LazyCell|LazyLock) instance has previously been poisoned/,
  /attempt to divide by zeroattempt to calculate the remainder with a divisor of zero/,
  /`async fn` resumed after completion|description\(\) is deprecated; use Display/,
  /RefCell already (mutably )?borrowed/,
  /(Dropped|Dereferenced) SendWrapper<T> variable from a thread different to the one it has been created with\./,
  /use of std::thread::current\(\) is not possible after the thread's local data has been destroyed/,
  /cannot access a Thread Local Storage value during or after destruction: /,
  /Attempted to initialize thread-local while it is being dropped|one-time initialization may not be performed recursively/,
  /Executor::spawn(_local)? called, but no global 'spawn(_local)?' function is configured\./,
  /a formatting trait implementation returned an error when the underlying stream did not/,
  /buffer space exhausted; sending this messages would overflow the state/,
  /the guard should always be in place until the Drop implementation/,
  /Tried to access a reactive value that has already been disposed\./,
  /browser adapters are reached from effects and handlers of a page only/,
  /shell and island provide the words before they render anything/,
  /the text is emptythe text is too longthe text holds characters that cannot be shownmalformed identifier/,
  /\/rust\/deps\/[\w.\/-]+?\.rs/,
  /(app|signaling)\/src\/[a-z_\/]+\.rs/,
].map(({ source }) => new RegExp(source, "gs"));
const IMPORTS = 2;
const EXPORTS = 7;

const [site, hashes] = process.argv.slice(2);
if (!hashes) throw new Error("usage: slim.mjs SITE HASHES");
const folder = join(site, "pkg");
const find = (extension) => join(folder, readdirSync(folder).find((file) => file.startsWith("parlour.") && file.endsWith(extension)));
const files = { wasm: find(".wasm"), js: find(".js"), later: join(folder, "later.wasm") };

// The first part takes everything of the JavaScript's; the second one what is left of it ("b"), and things of the first ("a").
const names = new Map();
// The second part knows things of the first by names that split.mjs gave them: those are not given again.
const given = new Set(WebAssembly.Module.exports(await WebAssembly.compile(readFileSync(files.wasm))).map(({ name }) => name));
let count = 0;
const { bytes: first, imports } = renamed(readFileSync(files.wasm), names, "a");
const { bytes: second } = renamed(readFileSync(files.later), names, "b");
const glue = partGlue(rewritten(readFileSync(files.js, "utf8"), names), (name) => imports.has(name));
for (const file of Object.values(files)) rmSync(file);

const [wasm, js, later] = [write("wasm", optimised(first)), write("js", glue.first), write("later.wasm", optimised(second))];
const rest = write("later.js", glue.second(js.file, later.file));
let hashed = `${readFileSync(hashes, "utf8").trimEnd()}\nlater.js: ${rest.hash}\n`;
for (const [kind, { hash }] of Object.entries({ wasm, js })) hashed = hashed.replace(new RegExp(`^${kind}: .*$`, "m"), `${kind}: ${hash}`);
writeFileSync(hashes, hashed);

/** Writes a file under a name after its contents. */
function write(kind, contents) {
  const hash = createHash("sha256").update(contents).digest("base64url").slice(0, 22);
  const file = `parlour.${hash}.${kind}`;
  writeFileSync(join(folder, file), contents);
  return { hash, file };
}

/** The module without names, as small as it gets, and silent about what nobody is told. */
function optimised(bytes) {
  const slim = join(folder, "slim.wasm");
  writeFileSync(slim, bytes);
  execFileSync("wasm-opt", [...PASSES, ...ASSUMED, ...FEATURES, slim, "-o", slim], { stdio: "inherit" });
  const least = untold(withoutPaths(readFileSync(slim)));
  rmSync(slim);
  return least;
}

/** The module with blanks in place of the paths of its crates' source files. */
function withoutPaths(bytes) {
  const cargo = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const registry = join(cargo, "registry/src").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const paths = new RegExp(`${registry}/[\\w.-]+/[\\w./+-]+?\\.rs|/rustc/[0-9a-f]+/library/[\\w./+-]+?\\.rs`, "g");
  return Buffer.from(bytes.toString("latin1").replaceAll(paths, (path) => " ".repeat(path.length)), "latin1");
}

/** The module with blanks in place of what nobody is told. */
function untold(bytes) {
  const blank = (said) => " ".repeat(said.length);
  return Buffer.from(UNTOLD.reduce((all, said) => all.replaceAll(said, blank), bytes.toString("latin1")), "latin1");
}

/**
 * The module with short names for imports of JavaScript's functions, which is called `script`, and for internal exports; and
 * without unused exports. The names are noted in `names`, and those that it imports in `imports`.
 */
function renamed(bytes, names, script) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  };
  const name = () => {
    const length = number();
    return bytes.toString("utf8", at, (at += length));
  };
  const shorter = (long) => names.get(long) ?? names.set(long, fresh()).get(long);
  const sections = [bytes.subarray(0, at)];
  const imports = new Set();
  while (at < bytes.length) {
    const id = bytes[at++];
    const end = number() + at;
    const start = at;
    const entries = [];
    if (id === IMPORTS) {
      for (let left = number(); left > 0; left -= 1) {
        const [from, own] = [name(), name()];
        const start = at;
        at = afterImport(bytes, at);
        const isScript = SCRIPT.test(from);
        if (isScript) imports.add(shorter(own));
        const called = isScript ? [text(script), text(shorter(own))] : [text(from), text(own)];
        entries.push(Buffer.concat([...called, bytes.subarray(start, at)]));
      }
    } else if (id === EXPORTS) {
      for (let left = number(); left > 0; left -= 1) {
        const own = name();
        const kind = bytes[at++];
        const index = number();
        if (UNUSED.test(own)) continue;
        entries.push(Buffer.concat([text(INTERNAL.test(own) ? shorter(own) : own), Buffer.from([kind]), leb(index)]));
      }
    }
    const body = entries.length ? Buffer.concat([leb(entries.length), ...entries]) : bytes.subarray(start, end);
    sections.push(Buffer.from([id]), leb(body.length), body);
    at = end;
  }
  return { bytes: Buffer.concat(sections), imports };
}

/** Where the type of an import ends: of a function, a table, a memory or a global. */
function afterImport(bytes, from) {
  let at = from + 1;
  const skip = () => {
    while (bytes[at++] > 127);
  };
  const limits = () => {
    const most = bytes[at++] & 1;
    for (let left = 1 + most; left > 0; left -= 1) skip();
  };
  const ways = [skip, () => (at++, limits()), limits, () => (at += 2)];
  ways[bytes[from]]();
  return at;
}

/** The JavaScript that goes with it. */
function rewritten(js, names) {
  const [module] = js.match(/"\.\/\w+_bg\.js"(?=:)/) ?? [];
  if (!module) throw new Error("the JavaScript has no module of imports");
  const [exported, synchronous] = js.match(/(\w+) as initSync,/) ?? [];
  if (!exported) throw new Error("the JavaScript begins in another way than expected");
  return withoutFunction(js.replace(exported, ""), synchronous)
    .replace(module, "a")
    .replaceAll(/console\.warn\(("using deprecated|"`WebAssembly\.instantiateStreaming` failed)[^"]*"(,\w+)?\)/g, "0")
    .replaceAll(UNUSED_CLASSES, "")
    .replaceAll(/\b(__|wasm_bindgen_)\w+/g, (name) => names.get(name) ?? name);
}

function leb(value) {
  const out = [];
  for (; value > 127; value >>>= 7) out.push((value & 127) | 128);
  return Buffer.from([...out, value]);
}

function text(string) {
  return Buffer.concat([leb(Buffer.byteLength(string)), Buffer.from(string)]);
}

/** The next name that is nobody's. */
function fresh() {
  const name = nth(count++);
  return given.has(name) ? fresh() : name;
}

/** a, b, … Z, aa, ab, … */
function nth(index) {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const rest = Math.floor(index / letters.length);
  return (rest ? nth(rest - 1) : "") + letters[index % letters.length];
}
