// The figures and the bars as tables: on the screen, and in a file to be read.

import { mkdir, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { printTable } from "../bench/statistics.js";

const RESULTS = new URL("../results/", import.meta.url);

const HEAD = [
  ...["people", "build", "window", "all see all", "up kB/s", "Mpx/s", "encoding", "CPU", "fps min", "median", "still"],
  ...["concealed", "aloud", "size", "large fps", "large size"],
];
const LEGEND =
  "up and Mpx/s: sent and encoded a second, mean per sender; encoding, CPU: seconds a second, of all encoders and of the whole " +
  "browser; fps: decoded, by ordered pair; still: pairs without a frame; concealed: the worst pair's sound, and without the " +
  "silent part; size: of the frames decoded, median.";

const number = (value, digits) => (Number.isFinite(value) ? value.toFixed(digits) : "–");
const size = ({ width, height } = {}) => (width ? `${width}×${height}` : "–");
const percent = (value) => `${number(value, 2)} %`;

export function seenText({ ms, pairs }, count) {
  return ms === null ? `never (${pairs} of ${count * (count - 1)})` : `${number(ms / 1_000, 1)} s`;
}

function rowsOf({ count, build, seen, windows, error }) {
  const begin = [String(count), build];
  const rows = Object.entries(windows).map(([name, figures], place) => [
    ...begin,
    name,
    place === 0 ? seenText(seen, count) : "",
    number(figures.bytesPerSender / 1_000, 0),
    number(figures.pixelsPerSender / 1e6, 2),
    number(figures.encoding, 2),
    number(figures.processor, 2),
    number(figures.fps.min, 1),
    number(figures.fps.median, 1),
    String(figures.still),
    percent(figures.concealed),
    percent(figures.concealedAloud),
    size(figures.size),
    figures.large ? number(figures.large.fps, 1) : "",
    figures.large ? size(figures.large.size) : "",
  ]);
  return error ? [...rows, [...begin, "not measured", ...HEAD.slice(3).map(() => "")]] : rows;
}

const barRows = (bars) => bars.map(({ what, goal, measured, met }) => [what, goal, measured, met ? "met" : "missed"]);

const markdown = ([head, ...rows]) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n");

/** Prints both tables, and writes them and all figures into files. */
export async function report(calls, bars, conditions) {
  const table = [HEAD, ...calls.flatMap(rowsOf)];
  const judged = [["bar", "goal", "measured", ""], ...barRows(bars)];
  const machine = `${cpus().length} cores; the load average at the end was ${loadavg()[0].toFixed(1)}`;
  const windows = `windows of ${conditions.windowSeconds} s after ${conditions.settleSeconds} s`;
  printTable(`everybody with everybody, ${windows}, ${machine}`, table);
  console.log(`  ${LEGEND}`);
  if (bars.length > 0) printTable("bars", judged);

  await mkdir(RESULTS, { recursive: true });
  const text = [
    "# Everybody with everybody",
    `Measured on ${machine}; ${windows}.`,
    markdown(table),
    LEGEND,
    ...(bars.length > 0 ? [markdown(judged)] : []),
  ];
  await writeFile(new URL("mesh.md", RESULTS), `${text.join("\n\n")}\n`);
  await writeFile(new URL("mesh.json", RESULTS), JSON.stringify({ conditions, machine, calls, bars }, null, 2));
}
