// How fast Parlour joins: from the click on Join, and from the opening of the link, to other people's first frames.

import { first, framesSeen, installTimeline } from "./timeline.js";

async function openPage(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(installTimeline);
  return page;
}

/** The preview is alive: the devices are ready. */
async function ready(page) {
  await page.waitForFunction(() => document.querySelector("[data-testid=preview]")?.videoWidth > 0);
}

async function alone(page) {
  await page.waitForFunction(
    (count) => document.querySelectorAll("[data-testid=tile][data-kind=camera]").length === count,
    page.othersStay + 1,
  );
}

/** People who stay in a room's call while others come and go; `close` ends them. */
export async function gather(browser, link, names) {
  const pages = [];
  for (const name of names) {
    const page = await openPage(browser);
    await page.goto(link);
    await ready(page);
    await page.getByTestId("name-input").fill(name);
    await page.getByTestId("join").click();
    await page.locator("[data-testid=call][data-signaling=online]").waitFor();
    for (const there of pages) await framesSeen(there, pages.length);
    await framesSeen(page, pages.length);
    pages.push(page);
  }
  for (const page of pages) page.othersStay = pages.length - 1;
  return { pages, close: () => Promise.all(pages.map((page) => page.context().close())) };
}

/** The size that Parlour captures by default, as its own preview says. */
export async function defaultCapture(browser, link) {
  const page = await openPage(browser);
  try {
    await page.goto(link);
    await ready(page);
    return await page.getByTestId("preview").evaluate((video) => {
      const { width, height, frameRate } = video.srcObject.getVideoTracks()[0].getSettings();
      return { width, height, frameRate };
    });
  } finally {
    await page.context().close();
  }
}

/** One run, from the click on Join with the devices ready: milliseconds to each step. */
export async function timeClick(browser, link, { pages }) {
  const page = await openPage(browser);
  try {
    await page.goto(link);
    await ready(page);
    await page.getByTestId("name-input").fill("Ben");
    await page.getByTestId("join").click();
    const marks = await framesSeen(page, pages.length);
    const click = first(marks, "click");
    const since = (what) => first(marks, what, click) - click;
    return {
      welcome: since("message"),
      described: since("signaling stable"),
      ice: since("ice connected"),
      dtls: since("dtls connected"),
      frame: since("remote frame"),
    };
  } finally {
    await page.context().close();
    for (const stayed of pages) await alone(stayed);
  }
}

/** One run, from opening the link with a name and `join=1`: milliseconds until everybody's first frame was seen. */
export async function timeNavigation(browser, link, { pages }) {
  const page = await openPage(browser);
  try {
    await page.goto(`${link}?name=Ben&join=1`);
    const marks = await framesSeen(page, pages.length);
    return { frame: Math.max(...marks.filter(({ what }) => what === "remote frame").map(({ at }) => at)) };
  } finally {
    await page.context().close();
    for (const stayed of pages) await alone(stayed);
  }
}
