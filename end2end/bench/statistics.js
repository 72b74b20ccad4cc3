// Medians and percentiles of what was measured, and tables of them.

/** The value below which the given share of the values lies. */
export function percentile(values, share) {
  const sorted = values.filter(Number.isFinite).toSorted((one, other) => one - other);
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] : NaN;
}

/** The middle value, or the mean of the two in the middle. */
export function median(values) {
  const sorted = values.filter(Number.isFinite).toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of each field over all runs. */
export function medians(runs) {
  return Object.fromEntries(Object.keys(runs[0] ?? {}).map((field) => [field, median(runs.map((run) => run[field]))]));
}

/** Prints rows of text under a title, each column as wide as it must be. */
export function printTable(title, rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column] ?? "").length)));
  console.log(`\n${title}`);
  for (const row of rows) {
    const cells = row.map((cell, column) => {
      const text = String(cell ?? "");
      return column ? text.padStart(widths[column]) : text.padEnd(widths[column]);
    });
    console.log(`  ${cells.join("  ")}`);
  }
}

/** Whole milliseconds, or a dash for what did not happen. */
export const ms = (value) => (Number.isFinite(value) ? value.toFixed(0) : "–");
