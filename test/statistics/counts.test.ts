import { describe, expect, it } from 'vitest';
import {
  addRows,
  countsOf,
  dayBefore,
  dayOf,
  type Row,
  shortenDays,
  sumBy,
  sumOf,
  timeClass,
  timeLimits,
} from '../../src/statistics/counts';

const row = (day: string, keys: number, language = 'go', source = 'model'): Row => ({
  day,
  language,
  source,
  ...countsOf({ keys, shown: 1, ms: 30 }),
});
const days = (rows: readonly Row[]) => rows.map(({ day, keys }) => `${day} ${keys}`);

it('adds rows of the same day, language and source, and no others', () =>
  expect(
    days(
      addRows([row('2026-11-28', 1), row('2026-11-27', 2), row('2026-11-28', 3), row('2026-11-28', 4, 'c')]),
    ),
  ).toEqual(['2026-11-27 2', '2026-11-28 4', '2026-11-28 4']));

it('adds up by language and by source', () => {
  const rows = [row('2026-11-28', 1), row('2026-11-27', 2, 'c'), row('2026-11-27', 3, 'go', 'copied')];
  expect([...sumBy(rows, 'language')].map(([name, { keys }]) => `${name} ${keys}`)).toEqual(['go 4', 'c 2']);
  expect([...sumBy(rows, 'source')].map(([name, { keys }]) => `${name} ${keys}`)).toEqual([
    'model 3',
    'copied 3',
  ]);
  expect(sumOf(rows)).toMatchObject({ keys: 6, shown: 3 });
});

describe('days that are older than a year', () => {
  const rows = [
    row('2025-11-27', 8),
    row('2025-11-26', 4),
    row('2025-11-01', 2),
    row('2025-10-30', 1),
    row('2024-02', 16),
  ];
  it('become months', () =>
    expect(days(shortenDays(rows, '2026-11-28'))).toEqual([
      '2024-02 16',
      '2025-10 1',
      '2025-11 6',
      '2025-11-27 8',
    ]));
  it('lose nothing, however often they are shortened', () => {
    const often = ['2026-11-28', '2026-12-31', '2028-01-01'].reduce<readonly Row[]>(shortenDays, rows);
    expect(sumOf(often)).toEqual(sumOf(rows));
  });
});

it('ten years of every day are few rows', () => {
  let rows: readonly Row[] = [];
  for (let day = 3650; day >= 0; day--) rows = [...rows, row(dayBefore('2026-11-28', day), 1)];
  expect(shortenDays(rows, '2026-11-28').length).toBeLessThan(366 + 120);
});

it('a day is that of the clock on the wall', () => {
  expect(dayOf(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05');
  expect(dayBefore('2026-03-01', 1)).toBe('2026-02-28');
  expect(dayBefore('2026-03-30', 2)).toBe('2026-03-28');
});

it('a time belongs to the class that ends above it', () => {
  expect([0, 24.9, 25, 3199, 3200, 1e9].map(timeClass)).toEqual([0, 0, 1, 7, 8, 8]);
  expect(countsOf({ ms: 60 }).times).toHaveLength(timeLimits.length + 1);
});
