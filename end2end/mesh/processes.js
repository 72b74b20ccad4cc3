// Processor time of a process and all that descend from it, as Linux counts it.

import { readdir, readFile } from "node:fs/promises";

const TICKS_A_SECOND = 100; // of /proc, on every Linux that Chromium runs on

/** Processor seconds so far, by process. One that ends takes its time with it. */
export async function processorSeconds(root) {
  const all = new Map();
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  await Promise.all(
    ids.map(async (id) => {
      const stat = await readFile(`/proc/${id}/stat`, "utf8").catch(() => null); // it has ended meanwhile
      if (!stat) return;
      const fields = stat.slice(stat.lastIndexOf(") ") + 2).split(" ");
      all.set(id, { parent: Number(fields[1]), spent: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND });
    }),
  );
  const belongs = (id) => id === root || (all.has(id) && belongs(all.get(id).parent));
  return new Map([...all].filter(([id]) => belongs(id)).map(([id, { spent }]) => [id, spent]));
}

/** What was spent between two readings; who came in between began with nothing. */
export function spentBetween(before, after) {
  return [...after].reduce((sum, [id, spent]) => sum + spent - (before.get(id) ?? 0), 0);
}
