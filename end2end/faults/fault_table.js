// Playwright's reporter of the fault matrix: prints the table at the end, and writes it to results/faults.md.

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { MEASURE } from "./measure.js";

const FILE = new URL("../results/faults.md", import.meta.url);

const row = (...cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
const plain = (text) => text.replace(/\u001b\[\d*m/g, "");

export default class FaultTable {
  #rows = [];

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
    const head = [row("fault", "what is measured", "goal", "measured"), "|---|---|---|---|"];
    const table = [...head, ...this.#rows].join("\n");
    console.log(`\n${table}\n`);
    mkdirSync(new URL(".", FILE), { recursive: true });
    const machine = `Measured on ${cpus().length} cores; the load average at the end was ${loadavg()[0].toFixed(1)}.`;
    writeFileSync(FILE, `# The fault matrix\n\n${machine}\n\n${table}\n`);
  }

  printsToStdio() {
    return false; // the list of tests is printed by another
  }
}
