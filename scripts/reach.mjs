// What the first part of a WebAssembly needs, of functions and of data, when some functions go (split.mjs). Separate, because
// it only looks.
//
// Functions name each other by calls; constants, tables of methods and what they point to are known by their addresses alone. So
// the linker leaves beside the code what it put where and why (--emit-relocs; tool-conventions, Linking.md): which bytes are one
// symbol, where data points to data or to a function, and whether code ever points beside the symbol that it means. Of what it
// says of code only that is used: where code stood then is not where it stands now.

const TABLE_INDEX_IN_CODE = 1;
const TABLE_INDEX = 2;
const WITH_ADDEND = new Set([3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 23]);
const ADDRESS = new Set([3, 4, 5]);
const UNDEFINED = 0x10;
const EXPLICIT_NAME = 0x40;
const SYMBOL_TABLE = 8;
const DATA_SECTION = 11;

/** Walks over bytes as WebAssembly writes them. */
class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  byte() {
    return this.bytes[this.at++];
  }
  number() {
    let [value, scale, byte] = [0, 1, 0];
    do {
      byte = this.byte();
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte > 127);
    return value;
  }
  signed() {
    const before = this.at;
    const value = this.number();
    const scale = 128 ** (this.at - before);
    return value >= scale / 2 ? value - scale : value;
  }
  text() {
    const length = this.number();
    this.at += length;
    return this.bytes.toString("utf8", this.at - length, this.at);
  }
}

/** A module's sections: its bytes, and for each its number, name, and where its contents begin and end. */
function sections(bytes) {
  const reader = new Reader(bytes, 8);
  const found = [];
  while (reader.at < bytes.length) {
    const start = reader.at;
    const id = reader.byte();
    const length = reader.number();
    const end = reader.at + length;
    const name = id === 0 ? reader.text() : "";
    found.push({ id, name, start, from: reader.at, end });
    reader.at = end;
  }
  return found;
}

/** A module without what its linker says. */
export function withoutNotes(bytes) {
  const kept = sections(bytes).filter(({ name }) => !/^(linking|reloc\.)/.test(name));
  return Buffer.concat([bytes.subarray(0, 8), ...kept.map(({ start, end }) => bytes.subarray(start, end))]);
}

/** The symbols that are data, from the linker's notes: a symbol's index in them, and where it lies. */
function dataSymbols(bytes, from, end, segments) {
  const reader = new Reader(bytes, from);
  const symbols = new Map();
  reader.number();
  while (reader.at < end) {
    const kind = reader.byte();
    const length = reader.number();
    const next = reader.at + length;
    const count = kind === SYMBOL_TABLE ? reader.number() : 0;
    for (let index = 0; index < count; index += 1) {
      const what = reader.byte();
      const flags = reader.number();
      if (what === 1) {
        reader.text();
        if (flags & UNDEFINED) continue;
        const [segment, offset, size] = [reader.number(), reader.number(), reader.number()];
        if (segments[segment]) symbols.set(index, { from: segments[segment].at + offset, size });
      } else {
        reader.number();
        if (what !== 3 && (!(flags & UNDEFINED) || flags & EXPLICIT_NAME)) reader.text();
      }
    }
    reader.at = next;
  }
  return symbols;
}

/** The data segments: where each lies in memory, in the section's contents, and in the file. */
function dataSegments(bytes, from) {
  const reader = new Reader(bytes, from);
  return Array.from({ length: reader.number() }, () => {
    const [flags, opcode, at, end] = [reader.number(), reader.byte(), reader.signed(), reader.byte()];
    if (flags !== 0 || opcode !== 0x41 || end !== 0x0b) throw new Error("a data segment that is not at a constant address");
    const size = reader.number();
    const segment = { at, size, within: reader.at - from, start: reader.at };
    reader.at += size;
    return segment;
  });
}

function relocations(bytes, from, end) {
  const reader = new Reader(bytes, from);
  reader.number();
  const found = Array.from({ length: reader.number() }, () => {
    const [type, at, symbol] = [reader.byte(), reader.number(), reader.number()];
    return { type, at, symbol, addend: WITH_ADDEND.has(type) ? reader.signed() : 0 };
  });
  if (reader.at !== end) throw new Error("the linker's notes are not what was expected");
  return found;
}

/** What lies where in the data of a module, what it points to, and what only it points to. */
function readData(bytes) {
  const all = sections(bytes);
  const named = (name) => all.find((section) => section.name === name);
  const notes = ["linking", "reloc.CODE", "reloc.DATA"].map(named);
  if (notes.includes(undefined)) throw new Error("the WebAssembly has no notes of its linker: is --emit-relocs missing?");
  const [linking, ofCode, ofData] = notes;
  const data = all.find(({ id }) => id === DATA_SECTION);
  const segments = dataSegments(bytes, data.from);
  const byIndex = dataSymbols(bytes, linking.from, linking.end, segments);
  // Symbols may share bytes (the end of one text is another's): what overlaps is one place.
  const places = [];
  for (const { from, size } of [...byIndex.values()].sort((one, other) => one.from - other.from)) {
    const last = places.at(-1);
    if (last && from < last.end) last.end = Math.max(last.end, from + size);
    else places.push({ from, end: from + size, places: new Set(), table: new Set(), kept: false });
  }
  const placeOf = (address) => {
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[middle].from <= address) low = middle + 1;
      else high = middle;
    }
    return places[low - 1];
  };
  // The linker numbers first what code means by its place in the table, and then what only data does. So of the numbers in
  // code, the small ones alone may be places in the table.
  const byCode = new Set();
  const byData = new Set();
  for (const { type, symbol, addend } of relocations(bytes, ofCode.from, ofCode.end)) {
    if (type === TABLE_INDEX_IN_CODE) byCode.add(symbol);
    const target = ADDRESS.has(type) && byIndex.get(symbol);
    // Whoever points beside a symbol could be taken for one who means its neighbour. So that one stays, whoever means it.
    if (target && (addend < 0 || addend > target.size)) placeOf(target.from).kept = true;
  }
  for (const { type, at, symbol } of relocations(bytes, ofData.from, ofData.end)) {
    const segment = segments.find(({ within, size }) => at >= within && at < within + size);
    const place = placeOf(segment.at + at - segment.within);
    const value = bytes.readUInt32LE(data.from + at);
    if (type === TABLE_INDEX) byData.add(value), place.table.add(value);
    else if (ADDRESS.has(type) && byIndex.has(symbol)) place.places.add(placeOf(byIndex.get(symbol).from));
    else if (ADDRESS.has(type)) throw new Error("data points to what is no data");
  }
  return { places, placeOf, numbered: byCode.size, byData };
}

/**
 * What the functions call, in the order in which they stand in a module's text, and the numbers in each: any may be an address,
 * or a place in the table of functions.
 */
function readCode(text) {
  const bodies = new Map();
  const outside = { calls: new Set(), numbers: new Set() };
  let body = outside;
  for (const line of text.split("\n")) {
    const begins = /^ \(func \$("(?:[^"\\]|\\.)*"|[^\s()]+)/.exec(line);
    if (begins) bodies.set(begins[1], (body = { calls: new Set(), numbers: new Set() }));
    else if (/^ \(elem|^ \(data/.test(line)) continue;
    else if (/^ \(/.test(line)) body = outside;
    for (const [, name] of line.matchAll(/\((?:call|return_call|ref\.func) \$("(?:[^"\\]|\\.)*"|[^\s()]+)/g)) body.calls.add(name);
    for (const [, number] of line.matchAll(/(?:i32\.const |offset=)(-?\d+)/g)) body.numbers.add(Number(number) >>> 0);
  }
  return { bodies, outside };
}

/**
 * What stays when the functions of `goes` go: the functions that are reached from `roots` without them, which of those that go
 * these call, and the bytes of data that they mean, by where they lie. `names` is a module's functions in the order of its
 * `text`, and `table` what stands where in the table of functions.
 */
export function reached(bytes, { text, names, roots, table, goes }) {
  const { places, placeOf, numbered, byData } = readData(bytes);
  const strange = [...table.keys()].filter((index) => index > numbered && !byData.has(index));
  if (strange.length) throw new Error(`nothing means the places ${strange} of the table: they are not numbered as expected`);
  const { bodies, outside } = readCode(text);
  if (bodies.size !== names.length) throw new Error("the text of the WebAssembly is not what was expected");
  const real = new Map([...bodies.keys()].map((written, index) => [written, names[index]]));
  const code = new Map([...bodies.values()].map((body, index) => [names[index], body]));
  const [functions, called, kept] = [new Set(), new Set(), new Set()];
  const due = [...roots];
  const keep = (place) => {
    if (!place || kept.has(place)) return;
    kept.add(place);
    for (const index of place.table) due.push(table.get(index));
    place.places.forEach(keep);
  };
  const mean = (number) => {
    if (number <= numbered && table.has(number)) due.push(table.get(number));
    // Whoever ends where another begins may mean either.
    for (const place of [placeOf(number), placeOf(number - 1)]) if (place && number <= place.end) keep(place);
  };
  places.filter((place) => place.kept).forEach(keep);
  outside.numbers.forEach(mean);
  while (due.length) {
    const name = due.pop();
    if (functions.has(name) || goes.has(name) || !code.has(name)) continue;
    functions.add(name);
    const { calls, numbers } = code.get(name);
    for (const callee of [...calls].map((written) => real.get(written))) {
      if (goes.has(callee)) called.add(callee);
      due.push(callee);
    }
    numbers.forEach(mean);
  }
  return { functions, called, ...parted(bytes, places, kept) };
}

/** Parts the data: into what is kept, with nothing where the rest lies, and the rest. */
function parted(bytes, places, kept) {
  const [data, rest] = [[], []];
  for (const { at, size, start } of dataSegments(bytes, sections(bytes).find(({ id }) => id === DATA_SECTION).from)) {
    let last = at;
    const held = Buffer.from(bytes.subarray(start, start + size));
    for (const place of places.filter(({ from, end }) => from < at + size && end > at)) {
      if (held.subarray(last - at, place.from - at).some((byte) => byte)) throw new Error("data that is nobody's");
      last = place.end;
      if (kept.has(place)) continue;
      const own = held.subarray(place.from - at, place.end - at);
      if (own.some((byte) => byte)) rest.push({ at: place.from, data: Buffer.from(own) });
      own.fill(0);
    }
    if (held.some((byte) => byte)) data.push({ at, data: held });
  }
  return { data, rest: joined(rest) };
}

/** Neighbours become one. */
function joined(ranges) {
  const runs = [];
  for (const { at, data } of ranges) {
    const last = runs.at(-1);
    if (last && last.at + last.data.length === at) last.data = Buffer.concat([last.data, data]);
    else runs.push({ at, data });
  }
  return runs;
}
