/** All that is stored: the counts and the evidence, how records are added, and the JSON that they are on disk. */
import { addRows, type Counts, dayBefore, noCounts, type Row, shortenDays } from './counts';
import { addEvidence, confidenceClasses, type Evidence, learnedDays } from './learn';

export interface StatisticsRecord {
  readonly rows: readonly Row[];
  readonly evidence: readonly Evidence[];
  /** When the user last erased the statistics, in milliseconds since 1970; 0 for never. All that is older is void. */
  readonly since: number;
  /** When the user last reset the learning. Older evidence is void. */
  readonly learningSince: number;
}

export const emptyRecord: StatisticsRecord = { rows: [], evidence: [], since: 0, learningSince: 0 };

/** The order does not matter, so it does not matter which window adds first. */
export function addRecords(a: StatisticsRecord, b: StatisticsRecord): StatisticsRecord {
  const since = Math.max(a.since, b.since);
  const learningSince = Math.max(a.learningSince, b.learningSince);
  const valid = [a, b].filter(one => one.since === since);
  const learnt = valid.filter(one => one.learningSince === learningSince);
  return {
    rows: addRows(valid.flatMap(({ rows }) => rows)),
    evidence: addEvidence(learnt.flatMap(({ evidence }) => evidence)),
    since,
    learningSince,
  };
}

/** @returns the record with old days as months, and without evidence that no longer counts */
export function shorten(record: StatisticsRecord, today: string): StatisticsRecord {
  const oldest = dayBefore(today, learnedDays);
  return {
    ...record,
    rows: shortenDays(record.rows, today),
    evidence: record.evidence.filter(({ day }) => day >= oldest),
  };
}

/** @throws Error that says what was expected */
export function parseIds(value: unknown): readonly string[] {
  return list(value, 'absorbed').map(id => string(id, 'absorbed'));
}

/** @throws Error that names the field that is wrong */
export function parseRecord(value: Readonly<Record<string, unknown>>): StatisticsRecord {
  return {
    rows: list(value['rows'], 'rows').map(parseRow),
    evidence: list(value['evidence'], 'evidence').map(parseEvidence),
    since: count(value['since'], 'since'),
    learningSince: count(value['learningSince'], 'learningSince'),
  };
}

function parseRow(value: unknown, index: number): Row {
  const where = `rows[${index}]`;
  const fields = object(value, where);
  const number = (name: keyof Counts) => count(fields[name], `${where}.${name}`);
  return {
    day: day(fields['day'], `${where}.day`),
    language: string(fields['language'], `${where}.language`),
    source: string(fields['source'], `${where}.source`),
    shown: number('shown'),
    accepted: number('accepted'),
    kept: number('kept'),
    saved: number('saved'),
    keptAtSave: number('keptAtSave'),
    keys: number('keys'),
    times: counts(fields['times'], noCounts.times.length, `${where}.times`),
  };
}

function parseEvidence(value: unknown, index: number): Evidence {
  const where = `evidence[${index}]`;
  const fields = object(value, where);
  return {
    day: day(fields['day'], `${where}.day`),
    language: string(fields['language'], `${where}.language`),
    right: counts(fields['right'], confidenceClasses, `${where}.right`),
    wrong: counts(fields['wrong'], confidenceClasses, `${where}.wrong`),
  };
}

function object(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(where, 'an object');
  return value as Readonly<Record<string, unknown>>;
}

function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(where, 'a list');
  return value;
}

function string(value: unknown, where: string): string {
  if (typeof value !== 'string') throw wrong(where, 'a string');
  return value;
}

function day(value: unknown, where: string): string {
  const text = string(value, where);
  if (!/^\d{4}-\d{2}(-\d{2})?$/.test(text)) throw wrong(where, 'a day or a month');
  return text;
}

function counts(value: unknown, length: number, where: string): readonly number[] {
  const found = list(value, where);
  if (found.length !== length) throw wrong(where, `${length} numbers`);
  return found.map((one, index) => count(one, `${where}[${index}]`));
}

function count(value: unknown, where: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw wrong(where, 'a whole number from 0');
  return value as number;
}

function wrong(where: string, expected: string): Error {
  return new Error(`${where}: expected ${expected}`);
}
