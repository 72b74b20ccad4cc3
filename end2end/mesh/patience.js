// Bounds on everything that is waited for, and the end of everything that was started, however the run ends.

const started = new Set();
let called = false;

/** Whether a signal has called the run off. */
export const calledOff = () => called;

/** Gives what a promise gives, or fails when it takes longer. */
export async function within(promise, milliseconds, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${milliseconds / 1_000} s`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Remembers how something ends that was started, in case nobody comes to it; gives the same, to be called once. */
export function ending(end) {
  started.add(end);
  return async () => {
    if (started.delete(end)) await end();
  };
}

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]]) {
  process.once(signal, async () => {
    called = true;
    await Promise.allSettled([...started].map((end) => end()));
    process.exit(code);
  });
}
