// Tabs that nobody looks at: a headless browser shows all of its pages, so a page is told that it is hidden, as a browser would.

import { expect } from "@playwright/test";

/** Runs in a page: it is `hidden` from now on, or `visible`, and hears of it. */
function become(state) {
  const say = (name, value) => Object.defineProperty(document, name, { configurable: true, get: () => value });
  say("visibilityState", state);
  say("hidden", state === "hidden");
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  return Date.now();
}

/** Nobody looks at a person's page any more; gives the time of day at which it heard that. */
export const hide = ({ page }) => page.evaluate(become, "hidden");

/** Somebody looks at it again. */
export const show = ({ page }) => page.evaluate(become, "visible");

/** Somebody looks at it again: milliseconds until the tile of `name` shows its next picture. */
export async function showUntilPicture(person, name) {
  const next = await person.tileOf(name).getByTestId("tile-video").evaluateHandle((video) => {
    const next = { at: null };
    video.requestVideoFrameCallback(() => (next.at = Date.now()));
    return next;
  });
  const at = () => next.evaluate(({ at }) => at);
  const shown = await show(person);
  await expect.poll(at, { message: `a picture of ${name} at ${person.name}, who looks again`, timeout: 30_000 }).not.toBeNull();
  return (await at()) - shown;
}
