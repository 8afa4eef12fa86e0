/** Windows that write their statistics at the same time, are killed, and find damaged files. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processMark } from '../../src/common/process-mark';
import { countsOf, sumOf } from '../../src/statistics/counts';
import { evidenceOf } from '../../src/statistics/learn';
import { createStatisticsFiles, type StatisticsFiles } from '../../src/statistics/statistics-files';
import { createRandom } from '../random';
import { temporaryFolder } from '../temporary-folder';

const today = '2026-11-28';
/** The marks of a running process, and of one that does not exist. */
const running = processMark().replace(/[0-9]+$/, String(process.ppid));
const dead = processMark().replace(/[0-9]+$/, '2147483646');

const keys = (count: number) => ({
  rows: [{ day: today, language: 'go', source: 'model', ...countsOf({ keys: count }) }],
  evidence: [],
});
const refused = { rows: [], evidence: [evidenceOf(today, 'go', 0.55, false)] };

function world() {
  const folder = join(temporaryFolder(), 'statistics');
  const log: string[] = [];
  let now = 1_000;
  const window = (mark = processMark()) =>
    createStatisticsFiles({
      folder,
      now: () => now++,
      today: () => today,
      log: line => log.push(line),
      mark,
    });
  return { folder, log, window };
}

const keysOf = (window: StatisticsFiles) => sumOf(window.total().rows).keys;
const wrongOf = (window: StatisticsFiles) =>
  window.total().evidence.reduce((sum, { wrong }) => sum + wrong[5]!, 0);

it('a window that has counted nothing writes nothing', () => {
  const { folder, window } = world();
  const one = window();
  one.write();
  expect(keysOf(one)).toBe(0);
  expect(() => readdirSync(folder)).toThrow('ENOENT');
});

it('finds again what an earlier window has written', () => {
  const { window, folder } = world();
  const one = window(dead);
  one.add(keys(3));
  one.write();
  const next = window();
  next.add(keys(4));
  expect(keysOf(next)).toBe(7);
  next.write();
  expect(keysOf(window(running))).toBe(7);
  expect(readdirSync(folder)).toHaveLength(1);
});

it('two windows that are open add up', () => {
  const { window, folder } = world();
  const [one, other] = [window(running), window()];
  one.add(keys(3));
  other.add(keys(4));
  one.write();
  other.write();
  one.add(keys(10));
  one.write();
  expect(keysOf(one)).toBe(17);
  expect(keysOf(other)).toBe(17);
  expect(readdirSync(folder)).toHaveLength(2);
});

it('a file that was taken over and could not be removed does not count twice', () => {
  const { window, folder } = world();
  const one = window(dead);
  one.add(keys(3));
  one.write();
  const [name = ''] = readdirSync(folder);
  const text = readFileSync(join(folder, name), 'utf8');
  const next = window();
  expect(keysOf(next)).toBe(3);
  // As if the window had ended after it wrote the sum, and before it removed the file.
  writeFileSync(join(folder, name), text);
  expect(keysOf(next)).toBe(3);
  expect(keysOf(window(running))).toBe(3);
});

it('a window that was killed after it had claimed a file loses nothing', () => {
  const { window, folder } = world();
  const one = window(dead);
  one.add(keys(3));
  one.write();
  const claimed = readdirSync(folder)[0]!.replace('2147483646', '2147483645');
  writeFileSync(join(folder, claimed), readFileSync(join(folder, readdirSync(folder)[0]!)));
  writeFileSync(join(folder, readdirSync(folder).find(name => name !== claimed)!), '');
  const next = window();
  expect(keysOf(next)).toBe(3);
});

it('random windows that write, end and start in any order lose and double nothing', () => {
  const random = createRandom(3);
  for (let round = 0; round < 20; round++) {
    const { window, log } = world();
    let expected = 0;
    let [one, other] = [window(running), window()];
    for (let step = 0; step < 40; step++) {
      const count = random.below(5) + 1;
      const act = random.below(6);
      if (act < 2) one.add(keys(count));
      else if (act < 3) other.add(keys(count));
      if (act < 3) expected += count;
      if (act === 3) other.write();
      if (act === 4) one.write();
      if (act === 5) {
        other.write();
        other = window();
      }
      expect(keysOf(other)).toBeLessThanOrEqual(expected);
    }
    one.write();
    other.write();
    expect(keysOf(window())).toBe(expected);
    one = window(running);
    expect(keysOf(one)).toBe(expected);
    expect(log).toEqual([]);
  }
});

describe('erasing', () => {
  it('forgets all, also what another window has not written yet', () => {
    const { window } = world();
    const [one, other] = [window(running), window()];
    one.add(keys(3));
    one.write();
    one.add(keys(5));
    other.add(keys(4));
    other.write();
    other.erase();
    expect(keysOf(other)).toBe(0);
    one.write();
    expect(keysOf(one)).toBe(0);
    one.add(keys(7));
    one.write();
    expect(keysOf(other)).toBe(7);
  });
  it('is not undone by a later window', () => {
    const { window } = world();
    const one = window(dead);
    one.add(keys(3));
    one.write();
    one.erase();
    expect(keysOf(window())).toBe(0);
  });
});

describe('resetting the learning', () => {
  it('voids the evidence of every window, and keeps the counts', () => {
    const { window } = world();
    const [one, other] = [window(running), window()];
    one.add(refused);
    one.add(keys(3));
    one.write();
    other.add(refused);
    expect(wrongOf(other)).toBe(2);
    other.resetLearning();
    expect(wrongOf(other)).toBe(0);
    one.write();
    expect(wrongOf(one)).toBe(0);
    one.add(refused);
    expect(wrongOf(one)).toBe(1);
    expect(keysOf(one)).toBe(3);
    one.write();
    expect(wrongOf(window(running.replace(/.$/, '')))).toBe(1);
  });
});

describe('a file that cannot be read', () => {
  const id = '00000000-0000-0000-0000-000000000000';
  const good = { version: 1, id, absorbed: [], since: 0, learningSince: 0, evidence: [], rows: keys(3).rows };

  function check(content: string, fault: RegExp) {
    const { folder, window, log } = world();
    mkdirSync(folder);
    writeFileSync(join(folder, `${dead}.${id}.json`), content);
    const one = window();
    one.add(keys(4));
    expect(keysOf(one)).toBe(4);
    one.write();
    expect(keysOf(window(running))).toBe(4);
    expect(log).toHaveLength(1);
    expect(log[0]).toMatch(fault);
    expect(readdirSync(folder)).toHaveLength(1);
  }

  it.each([
    ['', /Unexpected end/],
    ['null', /expected an object/],
    ['{"version":0}', /version: expected 1/],
    [
      JSON.stringify(good).replace('"keys":3', '"keys":-3'),
      /rows\[0\]\.keys: expected a whole number from 0/,
    ],
    [JSON.stringify(good).replace('"keys":3', '"keys":1e99'), /rows\[0\]\.keys/],
    [JSON.stringify(good).replace(today, '../../etc'), /rows\[0\]\.day: expected a day or a month/],
    [JSON.stringify(good).replace('"times":[', '"times":[1,'), /rows\[0\]\.times: expected 9 numbers/],
    [
      JSON.stringify({ ...good, evidence: [{ day: today, language: 'go', right: [] }] }),
      /evidence\[0\]\.right/,
    ],
    [JSON.stringify({ ...good, absorbed: [3] }), /absorbed: expected a string/],
  ])('%j is named in the log, and counting starts anew', check);

  it('is left alone if a newer version of Sotto has written it', () => {
    const { folder, window, log } = world();
    mkdirSync(folder);
    const path = join(folder, `${dead}.${id}.json`);
    writeFileSync(path, '{"version":2}');
    const one = window();
    one.add(keys(4));
    one.write();
    expect(keysOf(one)).toBe(4);
    expect(readFileSync(path, 'utf8')).toBe('{"version":2}');
    expect(log).toEqual([]);
  });

  it('cut off at any byte is never an exception', () => {
    const text = JSON.stringify(good);
    for (let length = 0; length < text.length; length += 7) {
      const { folder, window } = world();
      mkdirSync(folder);
      writeFileSync(join(folder, `${dead}.${id}.json`), text.slice(0, length));
      expect(keysOf(window())).toBe(0);
    }
  });
});

it('a folder that cannot be written is named in the log once, and nothing is lost meanwhile', () => {
  const { folder, window, log } = world();
  writeFileSync(folder, 'a file in the place of the folder');
  const one = window();
  one.add(keys(4));
  one.write();
  one.write();
  expect(keysOf(one)).toBe(4);
  expect(log).toHaveLength(1);
  expect(log[0]).toMatch(/^the statistics are not written: /);
});

it('nothing is stored but numbers, days, languages and sources', () => {
  const { folder, window } = world();
  const one = window();
  one.add(keys(4));
  one.add(refused);
  one.write();
  const stored = JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8'));
  expect(Object.keys(stored).sort()).toEqual(
    ['version', 'id', 'absorbed', 'rows', 'evidence', 'since', 'learningSince'].sort(),
  );
  expect(Object.keys(stored.rows[0]).sort()).toEqual(
    ['day', 'language', 'source', 'shown', 'accepted', 'kept', 'saved', 'keptAtSave', 'keys', 'times'].sort(),
  );
  expect(Object.keys(stored.evidence[0]).sort()).toEqual(['day', 'language', 'right', 'wrong'].sort());
});
