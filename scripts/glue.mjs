// Parts the JavaScript beside a WebAssembly that was parted: what only the second part calls goes into a module of its own, which
// loads that part, too. Separate, because it reads JavaScript and writes some.

/** What is exported for wasm-streams, which Parlour does not use, and for wasm-bindgen, which does not either. */
export const UNUSED = /intounderlying|__abort_handler|__instance_terminated|_WASM_SPLIT_MARKER/;

/** The object of functions that the WebAssembly imports, as wasm-bindgen writes it. */
const IMPORTS = "{__proto__:null,";
const PATTERN = /^\/(?:\\.|\[(?:\\.|[^\]])*\]|[^/])+\//;

/** Returns the JavaScript of the first part, and a function that writes that of the second, given both files' names. */
export function partGlue(js, isFirst) {
  const begins = js.indexOf(IMPORTS, js.indexOf(IMPORTS) + 1) + IMPORTS.length;
  const ends = endOf(js, begins);
  const entries = pieces(js.slice(begins, ends), ",").map((text) => ({ name: /^\w+/.exec(text)[0], text }));
  const stay = entries.filter(({ name }) => isFirst(name));
  const go = entries.filter(({ name }) => !isFirst(name));
  if (!stay.length || !go.length) throw new Error("the JavaScript does not hold what both parts import");
  const moved = go.map(({ text }) => text).join();
  const used = globals(js).filter((name) => new RegExp(`(?<![\\w$.])${name.replaceAll("$", "\\$")}(?![\\w$])`).test(moved));
  const shared = used.join();
  return {
    first: `${js.slice(0, begins)}${stay.map(({ text }) => text).join()}${js.slice(ends)}export{${shared}};`,
    second: (first, wasm) =>
      `import{${shared}}from"./${first}";export default a=>WebAssembly.instantiateStreaming(fetch(new URL("${wasm}",import.meta.url)),{a,b:{${moved}}});`,
  };
}

/** The JavaScript without a function that nobody calls. */
export function withoutFunction(js, name) {
  const from = js.indexOf(`function ${name}(`);
  if (from < 0) throw new Error(`the JavaScript has no function ${name}`);
  const body = endOf(js, js.indexOf("(", from) + 1) + 1;
  return js.slice(0, from) + js.slice(after(js, body));
}

/** Where the bracket is closed that was opened before. */
function endOf(js, from) {
  let at = from;
  while (at < js.length && !")]}".includes(js[at])) at = after(js, at);
  return at;
}

/** The place after whatever begins here: a text, a pattern, something in brackets, or one sign. */
function after(js, at) {
  const sign = js[at];
  const pattern = sign === "/" && "(,=:[!&|?{};".includes(js[at - 1]) && PATTERN.exec(js.slice(at));
  if (pattern) return at + pattern[0].length;
  if (`"'\``.includes(sign)) {
    let end = at + 1;
    while (js[end] !== sign) end += js[end] === "\\" ? 2 : 1;
    return end + 1;
  }
  return "([{".includes(sign) ? endOf(js, at + 1) + 1 : at + 1;
}

/** Splits at a sign that stands in no brackets. */
function pieces(js, sign) {
  const found = [];
  let [from, at] = [0, 0];
  while (at < js.length) {
    if (js[at] === sign) found.push(js.slice(from, (from = at + 1) - 1));
    at = after(js, at);
  }
  return [...found, js.slice(from)].filter(Boolean);
}

/** The names that a module declares. */
function globals(js) {
  let flat = "";
  for (let at = 0; at < js.length; ) {
    const next = after(js, at);
    // What stands in brackets declares nothing out here.
    flat += next > at + 1 ? "{}" : js[at];
    at = next;
  }
  const named = [...flat.matchAll(/\b(?:function\*?|class) ([\w$]+)/g)].map(([, name]) => name);
  const listed = [...flat.matchAll(/\b(?:let|const|var) ([^;]+)/g)].flatMap(([, list]) => list.split(","));
  return [...new Set([...named, ...listed.map((item) => /^[\w$]*/.exec(item)[0]).filter(Boolean)])];
}
