// Takes away the namespaces of runs that are no more: before a run, and after it, however it ended.

import { spawnSync } from "node:child_process";
import { leftBehind } from "./namespace.js";

function sweep() {
  if (process.getuid?.() !== 0 || spawnSync("ip", ["-Version"]).error) return; // then none was made
  for (const namespace of leftBehind()) namespace.delete();
}

/** Playwright calls it before all tests, and what it gives back after them. */
export default function () {
  sweep();
  return sweep;
}
