// Parts a built site's WebAssembly in two, by the modules that its functions come from: what the first minute of a call does
// not need goes into a second one, which the page loads later (app/src/later/mod.rs).
//
// With the functions of those modules goes whatever only they reach, functions and constants (reach.mjs).
// Each function that goes and is called by name leaves a stub behind, which calls through a table. The second part fills that
// table when it is instantiated, and its places in the table of what is called by number (closures, interfaces); it takes
// memory, globals and tables from the exports of the first, and one of those holds the functions that stayed and that it calls. So neither part knows of the other, and
// whatever is called too early traps.
//
// usage: split.mjs SITE

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UNUSED } from "./glue.mjs";
import { reached, withoutNotes } from "./reach.mjs";

const { default: binaryen } = await import(join(process.env.BINARYEN, "node_modules/binaryen/index.js"));

/** What goes, by the names that functions have before they are taken away: `app::later`, and whatever is made of it. */
const LATER = /\b(app(\[\w+\])?::later|signaling(\[\w+\])?::(chat|transfer|sending|viewing|protocol::view)|sha2(\[\w+\])?)::/;
/** The name that the second part knows the first by, the table of what went, and what stands for it where it is called by number. */
const FIRST = "a";
const TABLE = "later";
/** The table through which the second part calls what stayed: a place in a table weighs a third of an export. */
const BACK = "back";
const EARLY = "early";
/** Names of so many letters are given to Binaryen at once. */
const PART = 16_000;
/** What browsers have had for years; with more, what is written could not be read by all of them. */
const { MutableGlobals, NontrappingFPToInt, SignExt, BulkMemory, BulkMemoryOpt, ReferenceTypes, CallIndirectOverlong, Multivalue } =
  binaryen.Features;
const FEATURES =
  MutableGlobals | NontrappingFPToInt | SignExt | BulkMemory | BulkMemoryOpt | ReferenceTypes | CallIndirectOverlong | Multivalue;

const [site] = process.argv.slice(2);
if (!site) throw new Error("usage: split.mjs SITE");
const folder = join(site, "pkg");
const file = join(folder, readdirSync(folder).find((name) => name.endsWith(".wasm")));
const whole = readFileSync(file);

const first = read(whole);
for (const { name } of exports(first).filter(({ name }) => UNUSED.test(name))) first.removeExport(name);
const defined = functions(first).filter(({ module }) => !module);
const goes = new Set(defined.map(({ name }) => name).filter((name) => LATER.test(name)));
if (!goes.size) throw new Error("nothing to split off: does the WebAssembly still have its names?");
const known = {
  text: first.emitText(),
  names: defined.map(({ name }) => name),
  table: new Map(segments(first).flatMap(({ at, data }) => data.map((name, index) => [at + index, name]))),
};
const roots = exports(first).filter(({ kind }) => kind === binaryen.ExternalFunction).map(({ value }) => value);
const stays = reached(whole, { ...known, roots, goes });
// What neither part reaches was there for the exports that nobody uses.
const wanted = reached(whole, { ...known, roots: [...goes], goes: new Set() });
const left = defined.filter(({ name }) => !stays.functions.has(name));
const went = left.filter(({ name }) => wanted.functions.has(name));
const called = went.filter(({ name }) => stays.called.has(name));
takeAway(first);
first.runPasses(["remove-unused-module-elements"]);
const stayed = new Set(functions(first).map(({ name }) => name));
for (const { name } of called) stayed.delete(name);

const { binary, needed, back } = secondPart(read(whole));
for (const [name, { kind, as }] of needed) first[`add${kind}Export`](name, as);
first.addTable(BACK, back.length, back.length);
first.addTableExport(BACK, BACK);
fill(first, BACK, back);
first.runPasses(["remove-unused-module-elements"]);
writeFileSync(join(folder, "later.wasm"), binary);
writeFileSync(file, checked(first));
console.log(`  ${went.length} functions load later; they use ${needed.size + back.length} things of the first part`);

function read(bytes) {
  const module = binaryen.readBinary(withoutNotes(bytes));
  module.setFeatures(FEATURES);
  return module;
}

function checked(module) {
  if (!module.validate()) throw new Error("what came of the split is no WebAssembly");
  return module.emitBinary();
}

function functions(module) {
  return all(module.getNumFunctions(), (index) => module.getFunctionByIndex(index), binaryen.getFunctionInfo);
}

/** Everything of one kind in a module. */
function all(count, at, info) {
  return Array.from({ length: count }, (_, index) => info(at(index)));
}

function exports(module) {
  return all(module.getNumExports(), (index) => module.getExportByIndex(index), binaryen.getExportInfo);
}

/** Leaves stubs where functions were that are called by name, and nothing of the others and of their data. */
function takeAway(module) {
  module.addFunction(EARLY, binaryen.none, binaryen.none, [], module.unreachable());
  const names = new Set(left.map(({ name }) => name));
  for (const { name, table, at, data } of segments(module)) {
    module.removeElementSegment(name);
    const kept = data.map((known) => (names.has(known) ? EARLY : known));
    module.addActiveElementSegment(table, name, kept, module.i32.const(at));
  }
  module.addTable(TABLE, called.length, called.length);
  module.addTableExport(TABLE, TABLE);
  for (const { name } of left) module.removeFunction(name);
  called.forEach((one, index) => callBy(module, TABLE, index, one));
  setData(module, stays.data);
}

/** Fills a table, a part at a time: names are long, and all of them at once are more than Binaryen's stack takes. */
function fill(module, table, names) {
  let at = 0;
  while (at < names.length) {
    let [end, length] = [at, 0];
    do length += names[end++].length;
    while (end < names.length && length + names[end].length < PART);
    module.addActiveElementSegment(table, `${table}${at}`, names.slice(at, end), module.i32.const(at));
    at = end;
  }
}

/** Adds a function that calls the one at a place of a table. */
function callBy(module, table, index, { name, params, results }) {
  const taken = binaryen.expandType(params).map((type, place) => module.local.get(place, type));
  module.addFunction(name, params, results, [], module.call_indirect(table, module.i32.const(index), taken, params, results));
}

function setData(module, segments) {
  const { initial, max } = module.getMemoryInfo();
  const written = segments.map(({ at, data }) => ({ offset: module.i32.const(at), data: new Uint8Array(data), passive: false }));
  module.setMemory(initial, max ?? -1, null, written);
}

/** The tables' contents: where each part of them begins, and the functions in it. */
function segments(module) {
  const infos = all(module.getNumElementSegments(), (index) => module.getElementSegmentByIndex(index), binaryen.getElementSegmentInfo);
  return infos.map(({ name, table, offset, data }) => ({ name, table, at: binaryen.getExpressionInfo(offset).value, data }));
}

/** Of the tables' contents what went, in runs of neighbours. */
function runsOf(contents, names) {
  const runs = [];
  for (const { table, at, data } of contents) {
    data.forEach((name, index) => {
      if (!names.has(name)) return;
      const last = runs.at(-1);
      if (last?.table === table && last.at + last.data.length === at + index) last.data.push(name);
      else runs.push({ table, at: at + index, data: [name] });
    });
  }
  return runs;
}

/** Takes everything from the first part but what went, and what only that uses. Tells what it takes, and under which names. */
function secondPart(module) {
  const needed = new Map();
  const take = (name, kind) => {
    needed.set(name, { kind, as: needed.size.toString(36) });
    return needed.get(name).as;
  };
  const contents = segments(module);
  for (const { name } of contents) module.removeElementSegment(name);
  for (const { name } of exports(module)) module.removeExport(name);
  const tables = all(module.getNumTables(), (index) => module.getTableByIndex(index), binaryen.getTableInfo);
  for (const { name } of tables) module.addTableImport(name, FIRST, take(name, "Table"));
  module.addTable(TABLE, called.length, called.length);
  module.addTableImport(TABLE, FIRST, TABLE);
  fill(module, TABLE, called.map(({ name }) => name));
  const runs = runsOf(contents, new Set(went.map(({ name }) => name)));
  runs.forEach(({ table, at, data }, index) => module.addActiveElementSegment(table, `run${index}`, data, module.i32.const(at)));
  const globals = all(module.getNumGlobals(), (index) => module.getGlobalByIndex(index), binaryen.getGlobalInfo);
  for (const { name, type, mutable } of globals) {
    module.removeGlobal(name);
    module.addGlobalImport(name, FIRST, take(name, "Global"), type, mutable);
  }
  setData(module, stays.rest);
  module.addMemoryImport("0", FIRST, "memory");
  for (const { name, params, results } of functions(module)) {
    if (!stayed.has(name)) continue;
    module.removeFunction(name);
    module.addFunctionImport(name, FIRST, name, params, results);
  }
  module.runPasses(["remove-unused-module-elements"]);
  const used = new Set(all(module.getNumGlobals(), (index) => module.getGlobalByIndex(index), binaryen.getGlobalInfo).map(({ name }) => name));
  for (const [name, { kind }] of needed) if (kind === "Global" && !used.has(name)) needed.delete(name);
  const back = functions(module).filter(({ module: from }) => from === FIRST);
  module.addTable(BACK, back.length, back.length);
  module.addTableImport(BACK, FIRST, BACK);
  back.forEach(({ name, params, results }, index) => {
    module.removeFunction(name);
    callBy(module, BACK, index, { name, params, results });
  });
  return { binary: checked(module), needed, back: back.map(({ name }) => name) };
}
