// Playwright's reporter of a suite that measures: prints its table at the end, and writes it to a file.

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { dirname } from "node:path";
import { MEASURE } from "./measure.js";

const row = (...cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
const plain = (text) => text.replace(/\u001b\[\d*m/g, "");

export default class MeasuredTable {
  #rows = [];
  #options;

  /** `{ file, title, rows }`: where to, under which title, and what the rows are about. */
  constructor(options) {
    this.#options = options;
  }

  onTestEnd({ title }, { status, annotations, error }) {
    for (const { type, description } of annotations) {
      if (type === MEASURE) this.#measured(title, JSON.parse(description));
      if (type === "skip") this.#rows.push(row(title, "not run", "", description ?? "skipped"));
    }
    if (["failed", "timedOut"].includes(status)) {
      this.#rows.push(row(title, "**failed**", "", plain(error?.message ?? status).split("\n")[0]));
    }
  }

  #measured(title, { what, goal, measured, met }) {
    const verdict = met === null ? "" : met ? ", met" : ", **missed**";
    this.#rows.push(row(title, what, goal ?? "", measured + verdict));
  }

  onEnd() {
    if (this.#rows.length === 0) return;
    const { file, title, rows } = this.#options;
    const head = [row(rows, "what is measured", "goal", "measured"), "|---|---|---|---|"];
    const table = [...head, ...this.#rows].join("\n");
    console.log(`\n${table}\n`);
    mkdirSync(dirname(file), { recursive: true });
    const machine = `Measured on ${cpus().length} cores; the load average at the end was ${loadavg()[0].toFixed(1)}.`;
    writeFileSync(file, `# ${title}\n\n${machine}\n\n${table}\n`);
  }

  printsToStdio() {
    return false; // the list of tests is printed by another
  }
}
