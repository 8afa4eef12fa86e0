import { expect, it } from 'vitest';
import { findDuplicateKey } from '../../src/checkpoint/find-duplicate-key';

it.each([
  ['{}', undefined],
  ['{"a":1,"b":2}', undefined],
  ['{"a":1,"a":2}', 'a'],
  ['{"a":{"a":{"b":1}},"b":[{"a":1},{"a":2}]}', undefined],
  ['{"x":[{"a":1,\n"a" :2}]}', 'a'],
  ['{"a":"a","b":["a","a"]}', undefined],
  ['{"a":":","b":"{\\"a\\":1,\\"a\\":2}"}', undefined],
  ['{"\\u0061":1,"a":2}', 'a'],
  ['{"a\\"":1,"a\\\\":2,"a\\"":3}', 'a"'],
  ['{"__proto__":1,"b":{},"__proto__":2}', '__proto__'],
])('%s has %j twice', (text, expected) => {
  JSON.parse(text);
  expect(findDuplicateKey(text)).toBe(expected);
});

it('is quick over a megabyte of one string, and of nothing but brackets', () => {
  for (const text of [`{"a":"${'\\"x'.repeat(400_000)}"}`, `{"a":${'['.repeat(5e5)}${']'.repeat(5e5)}}`]) {
    const start = performance.now();
    expect(findDuplicateKey(text)).toBe(undefined);
    expect(performance.now() - start).toBeLessThan(1000);
  }
});
