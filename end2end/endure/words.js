// What was read and judged, in words.

const COUNTED = ["nodes", "listeners"];

const mebibytes = (bytes) => `${(bytes / 1_048_576).toFixed(2)} MiB`;
const inUnits = (gauge, value) => (COUNTED.includes(gauge) ? value.toFixed(0) : mebibytes(value));

/** One reading in a line. */
export function reading({ minute, pages, server, browser }) {
  const ofPage = ([name, { heap, wasm, nodes, listeners }]) =>
    `${name} ${mebibytes(heap)}, ${mebibytes(wasm)}, ${nodes}, ${listeners}`;
  const processes = `server ${mebibytes(server.resident)} | ${browser.renderers} renderers ${mebibytes(browser.resident)}`;
  return `${minute.toFixed(1)} min | ${Object.entries(pages).map(ofPage).join(" | ")} | ${processes}`;
}

/** The verdicts in a table, and the readings below. */
export function tables({ minutes, verdicts, readings }) {
  const row = (...cells) => `| ${cells.join(" | ")} |`;
  const judged = verdicts.map(({ gauge, what, before, after, most, met }) => {
    const [early, late, goal] = [before, after, most].map((value) => inUnits(gauge, value));
    return row(what, early, late, `≤ ${goal}`, met ? "met" : "**missed**");
  });
  return [
    row("what", `minute ${(minutes / 6).toFixed(0)} to ${(minutes / 3).toFixed(0)}`, "the last third", "goal", ""),
    "|---|---|---|---|---|",
    ...judged,
    "",
    "Each reading: of every page its heap, WebAssembly memory, nodes and listeners, and what the processes hold.",
    "",
    ...readings.map((one) => `    ${reading(one)}`),
    "",
  ].join("\n");
}
