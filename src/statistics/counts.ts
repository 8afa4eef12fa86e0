/**
 * What the statistics count: numbers by day, language and source. No text, no path and no name of a file is among them.
 */

/** The numbers of one day, language and source. */
export interface Counts {
  /** Suggestions that stood long enough to be read, or were accepted sooner. */
  readonly shown: number;
  /** Suggestions of which the user accepted at least a word. */
  readonly accepted: number;
  /** Accepted ones whose text was still there 30 seconds later. */
  readonly kept: number;
  /** Accepted ones whose document was saved later. */
  readonly saved: number;
  /** Accepted ones whose text was still there when the document was saved. */
  readonly keptAtSave: number;
  /** Keys that the user need not press. The keys that accept are taken off. */
  readonly keys: number;
  /** Suggestions by the time from the key to the text, in the classes of `timeLimits`. */
  readonly times: readonly number[];
}

/** Upper ends of the classes of time, in milliseconds. The last class has no upper end. */
export const timeLimits: readonly number[] = [25, 50, 100, 200, 400, 800, 1600, 3200];

export interface Row extends Counts {
  /** `2026-11-28`, by the user's clock; `2026-11` for a month that is older than a year. */
  readonly day: string;
  /** VS Code's id of the language. */
  readonly language: string;
  /** Where the suggestions came from (`SourceName` in `completion/request.ts`). */
  readonly source: string;
}

export type RowKey = Pick<Row, 'day' | 'language' | 'source'>;

export const noCounts: Counts = {
  shown: 0,
  accepted: 0,
  kept: 0,
  saved: 0,
  keptAtSave: 0,
  keys: 0,
  times: Array.from({ length: timeLimits.length + 1 }, () => 0),
};

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    shown: a.shown + b.shown,
    accepted: a.accepted + b.accepted,
    kept: a.kept + b.kept,
    saved: a.saved + b.saved,
    keptAtSave: a.keptAtSave + b.keptAtSave,
    keys: a.keys + b.keys,
    times: a.times.map((count, index) => count + b.times[index]!),
  };
}

/** @returns the rows with the rows of the same day, language and source added up, in the order of their days */
export function addRows(rows: readonly Row[]): readonly Row[] {
  const sums = new Map<string, Row>();
  for (const row of rows) {
    const { day, language, source } = row;
    const key = JSON.stringify([day, language, source]);
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? row : { day, language, source, ...addCounts(sum, row) });
  }
  return [...sums.values()].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}

/** @returns the counts of all rows together */
export function sumOf(rows: readonly Row[]): Counts {
  return rows.reduce(addCounts, noCounts);
}

/** @returns the counts by a property of the rows, in the order in which its values come first */
export function sumBy(rows: readonly Row[], property: keyof RowKey): ReadonlyMap<string, Counts> {
  const sums = new Map<string, Counts>();
  for (const row of rows) sums.set(row[property], addCounts(sums.get(row[property]) ?? noCounts, row));
  return sums;
}

/** Days that are counted one by one. Older days become months, so that the file stays small. */
const countedDays = 366;

/** @param today as in a row @returns the rows, where days that are older than a year are added up by month */
export function shortenDays(rows: readonly Row[], today: string): readonly Row[] {
  const oldest = dayBefore(today, countedDays);
  return addRows(rows.map(row => (row.day < oldest ? { ...row, day: row.day.slice(0, 7) } : row)));
}

/** @returns the day as in a row, by the clock of this machine */
export function dayOf(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** @returns the day that is so many days before `day` */
export function dayBefore(day: string, days: number): string {
  // Noon, because a day may have 23 or 25 hours.
  const date = new Date(`${day}T12:00:00`);
  date.setDate(date.getDate() - days);
  return dayOf(date);
}

/** @param ms milliseconds @returns its class, an index of `Counts.times` */
export function timeClass(ms: number): number {
  const found = timeLimits.findIndex(limit => ms < limit);
  return found === -1 ? timeLimits.length : found;
}

/** @returns the class in which the median lies; undefined if nothing was counted */
export function medianClass(times: readonly number[]): number | undefined {
  const whole = times.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  for (const [index, count] of times.entries()) {
    sum += count;
    if (whole > 0 && sum * 2 >= whole) return index;
  }
  return undefined;
}

/** @returns the counts of one suggestion, from the numbers that are not zero */
export function countsOf(some: Partial<Omit<Counts, 'times'>> & { readonly ms?: number }): Counts {
  const { ms, ...counts } = some;
  const own = ms === undefined ? -1 : timeClass(ms);
  return { ...noCounts, ...counts, times: noCounts.times.map((_, index) => (index === own ? 1 : 0)) };
}
