// What a call takes of its machine: of each page what is alive after a collection of garbage, of the processes what they hold.

import { readFile } from "node:fs/promises";

/** Runs in every page before its own scripts: keeps the memories of its WebAssembly, which nothing else tells the size of. */
export function keepMemories() {
  window.__memories = new Set();
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const native = WebAssembly[name];
    WebAssembly[name] = async (...words) => {
      const made = await native.apply(WebAssembly, words);
      // Of a compiled module, what comes is the instance itself.
      for (const thing of Object.values((made.instance ?? made).exports)) {
        if (thing instanceof WebAssembly.Memory) window.__memories.add(thing);
      }
      return made;
    };
  }
}

/** The bytes of memory that a process holds, as Linux counts them; nothing of one that is gone. */
async function residentBytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/VmRSS:\s*(\d+) kB/.exec(status)?.[1] ?? 0) * 1_024;
}

export class Gauges {
  constructor(server, browser, pages) {
    Object.assign(this, { server, browser, pages });
  }

  static async at(server, browser, people) {
    const pages = [];
    for (const { name, page, context } of people) {
      const devtools = await context.newCDPSession(page);
      await devtools.send("Performance.enable");
      pages.push({ name, page, devtools });
    }
    return new Gauges(server, await browser.newBrowserCDPSession(), pages);
  }

  /** Everything, now. */
  async read() {
    const pages = {};
    for (const page of this.pages) pages[page.name] = await this.#readPage(page);
    const { processInfo } = await this.browser.send("SystemInfo.getProcessInfo");
    const renderers = processInfo.filter(({ type }) => type === "renderer");
    const held = await Promise.all(renderers.map(({ id }) => residentBytes(id)));
    return {
      pages,
      server: { resident: await residentBytes(this.server.pid) },
      browser: { renderers: renderers.length, resident: held.reduce((sum, bytes) => sum + bytes, 0) },
    };
  }

  async #readPage({ page, devtools }) {
    // What a first collection sets free may hold what a second one finds.
    for (let time = 0; time < 2; time += 1) await devtools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devtools.send("Performance.getMetrics");
    const metric = (wanted) => metrics.find(({ name }) => name === wanted).value;
    const wasm = await page.evaluate(() => [...window.__memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0));
    return { heap: metric("JSHeapUsedSize"), wasm, nodes: metric("Nodes"), listeners: metric("JSEventListeners") };
  }
}
