// What a browser with an empty cache downloads from a server, request by request, in bytes as they cross the network.

import { chromium } from "@playwright/test";
import { launchOptions } from "../support/chromium.js";

/** Does `visit` in a new profile and lists every request: address, compressed bytes (headers too) and encoding. */
export async function downloads(visit) {
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage();
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Network.enable");
    await devtools.send("Network.setCacheDisabled", { cacheDisabled: false });
    const requests = new Map();
    devtools.on("Network.requestWillBeSent", ({ requestId, request }) => {
      if (!request.url.startsWith("data:")) requests.set(requestId, { url: request.url, bytes: 0, encoding: "" });
    });
    devtools.on("Network.responseReceived", ({ requestId, response }) => {
      const request = requests.get(requestId);
      if (!request) return;
      const header = Object.entries(response.headers).find(([name]) => name.toLowerCase() === "content-encoding");
      request.encoding = header?.[1] ?? "none";
    });
    devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      const request = requests.get(requestId);
      if (request) request.bytes = encodedDataLength;
    });
    devtools.on("Network.webSocketCreated", ({ requestId, url }) => {
      requests.set(requestId, { url, bytes: 0, encoding: "socket" });
    });
    await visit(page);
    await page.waitForLoadState("networkidle");
    return [...requests.values()];
  } finally {
    await browser.close();
  }
}

/** All their bytes. */
export const totalOf = (requests) => requests.reduce((sum, { bytes }) => sum + bytes, 0);
