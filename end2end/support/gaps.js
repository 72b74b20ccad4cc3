// How long pictures stood still: what a fault costs those who watch.

/** Begins to measure, in a person's page, the time between the pictures that each of the others' tiles shows. */
export function watchGaps({ page }) {
  return page.evaluate(() => {
    window.__gaps = new Map();
    const watch = (video) => {
      const note = { last: performance.now(), longest: 0 };
      window.__gaps.set(video, note);
      const shown = (now) => {
        note.longest = Math.max(note.longest, now - note.last);
        note.last = now;
        video.requestVideoFrameCallback(shown);
      };
      video.requestVideoFrameCallback(shown);
    };
    document.querySelectorAll("[data-testid=tile][data-self=false] video").forEach(watch);
  });
}

/**
 * The longest time, in milliseconds, for which any tile stood still since then, a standstill that lasts included; infinite where
 * a tile of then is gone.
 */
export function longestGap({ page }) {
  return page.evaluate(() =>
    Math.max(
      ...[...window.__gaps].map(([video, { last, longest }]) =>
        video.isConnected ? Math.max(longest, performance.now() - last) : Infinity,
      ),
    ),
  );
}
