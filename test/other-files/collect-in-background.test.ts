import { expect, it } from 'vitest';
import { collectInBackground } from '../../src/other-files/collect-in-background';

/** What is known of a document when it is asked about, at a time of one's choice. */
function collecting() {
  let now = 0;
  let collections = 0;
  const collected = collectInBackground<string>(100, () => now);
  return {
    at(time: number, uri: string) {
      now = time;
      return collected.of(uri, async () => `${uri}${++collections}`);
    },
    forget: () => collected.forget(),
  };
}

it('nothing is known while it is collected for the first time', async () => {
  const { at } = collecting();
  expect(at(0, 'a')).toBeUndefined();
  expect(at(1, 'a')).toBeUndefined();
  await Promise.resolve();
  expect(at(2, 'a')).toBe('a1');
});

it('what is known is collected anew after a while, and known meanwhile', async () => {
  const { at } = collecting();
  at(0, 'a');
  await Promise.resolve();
  expect(at(99, 'a')).toBe('a1');
  expect(at(100, 'a')).toBe('a1');
  await Promise.resolve();
  expect(at(101, 'a')).toBe('a2');
});

it('what is forgotten is told no more, nor what was on its way', async () => {
  const { at, forget } = collecting();
  at(0, 'a');
  forget();
  await Promise.resolve();
  expect(at(1, 'a')).toBeUndefined();
  await Promise.resolve();
  expect(at(2, 'a')).toBe('a2');
});

it('another document does not make it forgotten', async () => {
  const { at } = collecting();
  at(0, 'a');
  at(1, 'b');
  await Promise.resolve();
  expect([at(2, 'a'), at(3, 'b'), at(200, 'a')]).toEqual(['a1', 'b2', 'a1']);
});
