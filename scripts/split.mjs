// Parts a built site's WebAssembly in two, by the modules that its functions come from: what the first minute of a call does
// not need goes into a second one, which the page loads later (app/src/later/mod.rs).
//
// Each function that goes and is called by name leaves a stub behind, which calls through a table. The second part fills that
// table when it is instantiated, and its places in the table of what is called by number (closures, interfaces); it takes
// memory, globals, tables and the functions that stayed from the exports of the first. So neither part knows of the other, and
// whatever is called too early traps.
//
// usage: split.mjs SITE

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const { default: binaryen } = await import(join(process.env.BINARYEN, "node_modules/binaryen/index.js"));

/** What goes, by the names that functions have before they are taken away: `app::later`, and whatever is made of it. */
const LATER = /\b(app(\[\w+\])?::later|signaling(\[\w+\])?::(chat|transfer)|sha2(\[\w+\])?)::/;
/** The name that the second part knows the first by, the table of what went, and what stands for it where it is called by number. */
const FIRST = "a";
const TABLE = "later";
const EARLY = "early";
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
const went = functions(first).filter(({ module, name }) => !module && LATER.test(name));
if (!went.length) throw new Error("nothing to split off: does the WebAssembly still have its names?");
// What JavaScript does is imported by the first part for both.
const imported = functions(first).filter(({ module }) => module);
leaveStubs(first, went);
first.runPasses(["remove-unused-module-elements"]);
const stayed = new Set(functions(first).map(({ name }) => name));
for (const { name } of went) stayed.delete(name);
for (const { name, module, base, params, results } of imported) {
  if (stayed.has(name)) continue;
  first.addFunctionImport(name, module, base, params, results);
  stayed.add(name);
}

const { binary, needed } = secondPart(read(whole));
for (const [name, { kind, as }] of needed) first[`add${kind}Export`](name, as);
first.runPasses(["remove-unused-module-elements"]);
writeFileSync(join(folder, "later.wasm"), binary);
writeFileSync(file, checked(first));
console.log(`  ${went.length} functions load later; they use ${needed.size} things of the first part`);

function read(bytes) {
  const module = binaryen.readBinary(bytes);
  module.setFeatures(FEATURES);
  return module;
}

function checked(module) {
  if (!module.validate()) throw new Error("what came of the split is no WebAssembly");
  return module.emitBinary();
}

function functions(module) {
  return Array.from({ length: module.getNumFunctions() }, (_, index) => binaryen.getFunctionInfo(module.getFunctionByIndex(index)));
}

/** Lets each of these functions call through the table instead. */
function leaveStubs(module, gone) {
  module.addTable(TABLE, gone.length, gone.length);
  module.addTableExport(TABLE, TABLE);
  gone.forEach(({ name, params, results }, index) => {
    const operands = binaryen.expandType(params).map((type, place) => module.local.get(place, type));
    const call = module.call_indirect(TABLE, module.i32.const(index), operands, params, results);
    module.removeFunction(name);
    module.addFunction(name, params, results, [], call);
  });
  module.addFunction(EARLY, binaryen.none, binaryen.none, [], module.unreachable());
  const names = new Set(gone.map(({ name }) => name));
  for (const { name, table, at, data } of segments(module)) {
    module.removeElementSegment(name);
    const left = data.map((known) => (names.has(known) ? EARLY : known));
    module.addActiveElementSegment(table, name, left, module.i32.const(at));
  }
}

/** The tables' contents: where each part of them begins, and the functions in it. */
function segments(module) {
  return Array.from({ length: module.getNumElementSegments() }, (_, index) => {
    const { name, table, offset, data } = binaryen.getElementSegmentInfo(module.getElementSegmentByIndex(index));
    return { name, table, at: binaryen.getExpressionInfo(offset).value, data };
  });
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
  const exported = Array.from({ length: module.getNumExports() }, (_, index) => module.getExportByIndex(index));
  for (const { name } of exported.map(binaryen.getExportInfo)) module.removeExport(name);
  const tables = Array.from({ length: module.getNumTables() }, (_, index) => module.getTableByIndex(index));
  for (const { name } of tables.map(binaryen.getTableInfo)) module.addTableImport(name, FIRST, take(name, "Table"));
  module.addTable(TABLE, went.length, went.length);
  module.addTableImport(TABLE, FIRST, TABLE);
  module.addActiveElementSegment(TABLE, TABLE, went.map(({ name }) => name), module.i32.const(0));
  const runs = runsOf(contents, new Set(went.map(({ name }) => name)));
  runs.forEach(({ table, at, data }, index) => module.addActiveElementSegment(table, `run${index}`, data, module.i32.const(at)));
  const globals = Array.from({ length: module.getNumGlobals() }, (_, index) => module.getGlobalByIndex(index));
  for (const { name, type, mutable } of globals.map(binaryen.getGlobalInfo)) {
    module.removeGlobal(name);
    module.addGlobalImport(name, FIRST, take(name, "Global"), type, mutable);
  }
  const { initial, max } = module.getMemoryInfo();
  module.setMemory(initial, max ?? -1, null, []);
  module.addMemoryImport("0", FIRST, "memory");
  for (const { name, params, results } of functions(module)) {
    if (!stayed.has(name)) continue;
    module.removeFunction(name);
    module.addFunctionImport(name, FIRST, take(name, "Function"), params, results);
  }
  module.runPasses(["remove-unused-module-elements"]);
  const used = new Set(functions(module).map(({ name }) => name));
  for (const [name, { kind }] of needed) if (kind === "Function" && !used.has(name)) needed.delete(name);
  return { binary: checked(module), needed };
}
