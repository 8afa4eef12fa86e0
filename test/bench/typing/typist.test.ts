/** The typist of `bench:typing`. */
import { expect, it } from 'vitest';
import { type Keystroke, type Place, typePlaces } from '../../../bench/typing/typist';
import { createRandom } from '../../random';

const missing =
  `function add(left: number, right: number) {\n\tconst sum = left + right;\n\n\treturn sum;\n}\n`.repeat(9);
const place = (path: string): Place => ({ path, before: 'before\n', missing, after: '\nafter\n' });
const places = [place('src/a.ts'), place('src/b.py')];

async function keysOf(
  seed: number,
  suggest: (prefix: string) => string | undefined = () => undefined,
): Promise<Keystroke[][]> {
  const stretches: Keystroke[][] = [];
  const keys = typePlaces(places, createRandom(seed), async ({ prefix }) => ({
    text: suggest(prefix),
    tokens: 1,
  }));
  for await (const stretch of keys) stretches.push(stretch);
  return stretches;
}

/** The typed part of a place after a key. */
const typed = ({ document }: Keystroke) => document.prefix.slice('before\n'.length);
const lastOf = (keys: readonly Keystroke[], path: string) =>
  keys.filter(({ document }) => document.path === path).at(-1)!;

it('types the same keys for the same seed, and other keys for another seed', async () => {
  expect(await keysOf(1)).toEqual(await keysOf(1));
  expect(await keysOf(1)).not.toEqual(await keysOf(2));
});

it('fills every hole with the text of the file, and leaves the rest', async () => {
  const keys = (await keysOf(1)).flat();
  for (const { path, after } of places) {
    expect(typed(lastOf(keys, path))).toBe(missing);
    expect(lastOf(keys, path).document.suffix).toBe(after);
  }
});

it('takes back every wrong letter at once', async () => {
  const keys = (await keysOf(1)).flat();
  const wrong = keys.filter(key => !missing.startsWith(typed(key)));
  expect(wrong.length).toBeGreaterThan(20);
  for (const key of wrong) {
    const next = keys[keys.indexOf(key) + 1]!;
    expect(next.kind).toBe('correction');
    expect(typed(next)).toBe(typed(key).slice(0, -1));
  }
  expect(keys.filter(({ kind }) => kind === 'correction')).toHaveLength(wrong.length);
});

it('counts the characters that each key adds', async () => {
  const keys = (await keysOf(1, prefix => (prefix.endsWith('sum ') ? '= left + right;' : undefined))).flat();
  expect(keys.reduce((sum, { characters }) => sum + characters, 0)).toBe(places.length * missing.length);
});

it('jumps between the places after a few lines', async () => {
  const stretches = await keysOf(1);
  const paths = stretches.map(([first]) => first!.document.path);
  expect(paths.slice(0, 4)).toEqual(['src/a.ts', 'src/b.py', 'src/a.ts', 'src/b.py']);
  for (const [first, ...others] of stretches) {
    expect(first!.isJump).toBe(true);
    expect(others.some(({ isJump }) => isJump)).toBe(false);
  }
});

it('accepts only suggestions that are right as a whole', async () => {
  const right = await keysOf(1, prefix => (prefix.endsWith('\tr') ? 'eturn sum;' : undefined));
  const accepted = right.flat().filter(({ kind }) => kind === 'accept');
  expect(accepted.length).toBeGreaterThan(10);
  for (const key of accepted) expect(typed(key)).toMatch(/\treturn sum;$/);

  const wrong = await keysOf(1, prefix => (prefix.endsWith('\tr') ? 'eturn sum!' : undefined));
  expect(wrong.flat().some(({ kind }) => kind === 'accept')).toBe(false);
});

it('types a line break with its indentation as one key', async () => {
  const keys = (await keysOf(1)).flat();
  expect(keys.some(key => typed(key).endsWith('{\n'))).toBe(false);
  expect(keys.some(key => typed(key).endsWith('{\n\t'))).toBe(true);
});

it('pauses at line starts, and types words as fast as a fast typist', async () => {
  const keys = (await keysOf(1)).flat();
  const after = (pattern: RegExp) =>
    keys.filter(key => pattern.test(typed(key)) && key.kind === 'character').map(key => key.intervalMs);
  for (const ms of after(/\n\t*$/)) expect(ms).toBeGreaterThanOrEqual(500);
  const words = after(/\b(funct|retur|numb)$/).sort((a, b) => a - b);
  expect(words[Math.floor(words.length / 2)]).toBeGreaterThan(100);
  expect(words[Math.floor(words.length / 2)]).toBeLessThan(165);
});
