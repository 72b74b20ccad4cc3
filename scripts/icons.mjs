// Draws the icons that systems want as PNG from public/favicon.svg, into public/icons/; the drawing is the source, they are kept
// beside it so that a build needs no browser. To be run again when the drawing changes (after scripts/install-test-tools.sh).
//
// usage: icons.mjs

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { launchOptions } from "../end2end/support/chromium.js";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const { chromium } = createRequire(path("../end2end/package.json"))("@playwright/test");

const drawing = readFileSync(path("../public/favicon.svg"), "utf8");
/** To the edge, for systems that cut out a shape of their own. */
const full = drawing.replace(/ rx="16"/, "");
/** The same, with what matters inside the circle that no shape cuts (4/5 of the width). */
const safe = full.replace(/<g /, '<g transform="translate(6.4 6.4) scale(0.8)" ');
for (const changed of [full, safe]) if (changed === drawing) throw new Error("the drawing is not what it was");

const ICONS = { "192": [192, drawing], "512": [512, drawing], "maskable-512": [512, safe], "apple-touch": [180, full] };

const browser = await chromium.launch(launchOptions());
try {
  mkdirSync(path("../public/icons"), { recursive: true });
  for (const [name, [size, svg]] of Object.entries(ICONS)) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body { margin: 0 } svg { display: block; width: ${size}px }</style>${svg}`);
    writeFileSync(path(`../public/icons/${name}.png`), await page.screenshot({ omitBackground: true }));
    await page.close();
  }
} finally {
  await browser.close();
}
