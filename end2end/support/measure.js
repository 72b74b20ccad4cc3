// How a measured time is told: a line of the table, with its goal, and whether it was met. A missed goal fails no test.

/** The type of the annotation by which a test hands a line to the table. */
export const MEASURE = "measure";

export const seconds = (milliseconds) => `${(milliseconds / 1_000).toFixed(2)} s`;

/** A line for times, of which the slowest counts; without a goal it is told and not judged. */
export function slowest(what, times, goalMs = null) {
  const [least, most] = [Math.min(...times), Math.max(...times)];
  return {
    what,
    goal: goalMs === null ? null : `≤ ${seconds(goalMs)}`,
    measured: times.length > 1 ? `${seconds(most)} (fastest ${seconds(least)})` : seconds(most),
    met: goalMs === null ? null : most <= goalMs,
  };
}

/** A line that is told and not judged. */
export const told = (what, measured) => ({ what, goal: null, measured, met: null });
