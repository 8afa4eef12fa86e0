import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findDuplicateKey, isNumber, JsonFile } from '../../src/checkpoint/json-file';
import { temporaryFolder } from '../temporary-folder';
import { checkFault } from './check-fault';

const parse = (value: unknown) => JsonFile.parse('config.json', JSON.stringify(value));

/** `read` refuses a file of this value, with `problem` about `field`. */
function checkRefused(value: unknown, read: (json: JsonFile) => unknown, field: string, problem: string) {
  checkFault(() => read(parse(value)), 'config.json', field, problem);
}

describe('a whole number', () => {
  it('is read within its bounds, both included', () => {
    const json = parse({ low: 1, high: 9 });
    expect([json.integer('low', { max: 9 }), json.integer('high', { max: 9 })]).toEqual([1, 9]);
  });

  it.each([undefined, null])('is its fallback if the field is %s', n => {
    expect(parse({ n }).integer('n', { fallback: 7 })).toBe(7);
  });

  it.each([
    [undefined, 'found nothing'],
    [0, 'found 0, expected a number from 1 to 9'],
    [10, 'found 10'],
    [2.5, 'found 2.5, expected a whole number'],
    ['3', 'found "3"'],
    [true, 'found true'],
    [[4], 'found [4]'],
  ])('is refused when it is %j', (n, problem) => {
    checkRefused({ n }, json => json.integer('n', { max: 9 }), 'n', problem);
  });

  it('does not take a fallback for a wrong value', () => {
    checkRefused({ n: 'x' }, json => json.integer('n', { fallback: 7 }), 'n', 'found "x"');
  });
});

describe('a number', () => {
  it('is read as it is', () => {
    expect(parse({ x: -0.125 }).number('x')).toBe(-0.125);
  });

  it('is refused when it overflows to infinity', () => {
    checkFault(() => JsonFile.parse('f', '{"x": 1e999}').number('x'), 'f', 'x', 'expected a number');
  });
});

describe('a string', () => {
  it('is read, or its fallback', () => {
    const json = parse({ s: 'a' });
    expect([json.string('s', { oneOf: ['a', 'b'] }), json.string('t', { fallback: 'b' })]).toEqual([
      'a',
      'b',
    ]);
  });

  it('is refused if it is not one of those allowed', () => {
    checkRefused(
      { s: 'c' },
      json => json.string('s', { oneOf: ['a', 'b'] }),
      's',
      'found "c", expected one of a, b',
    );
  });

  it('is refused when it is a number or missing', () => {
    checkRefused({ s: 1 }, json => json.string('s'), 's', 'found 1, expected a string');
    checkRefused({}, json => json.string('s'), 's', 'found nothing');
  });
});

describe('true or false', () => {
  it('is read, or its fallback', () => {
    const json = parse({ yes: true });
    expect([json.boolean('yes', false), json.boolean('no', false)]).toEqual([true, false]);
  });

  it('is refused if it is only truthy or falsy', () => {
    checkRefused({ b: 0 }, json => json.boolean('b', true), 'b', 'found 0, expected true or false');
  });
});

describe('an array', () => {
  it('is read if every element has the type', () => {
    expect(parse({ a: [1, 2] }).array('a', isNumber, 'numbers')).toEqual([1, 2]);
  });

  it.each([[[1, 'x']], ['12'], [undefined], [{ length: 0 }]])('is refused when it is %j', a => {
    checkRefused({ a }, json => json.array('a', isNumber, 'numbers'), 'a', 'expected numbers');
  });
});

describe('an object', () => {
  it('is read with the same checks, and errors name the path of its fields', () => {
    const json = parse({ outer: { inner: { n: 'x' } } });
    checkFault(
      () => json.object('outer').object('inner').integer('n'),
      'config.json',
      'outer.inner.n',
      'found "x"',
    );
  });

  it.each([[[]], [null], ['x']])('is refused when it is %j', o => {
    checkRefused({ o }, json => json.object('o'), 'o', 'expected an object');
  });

  it('has the fields that are neither absent nor null', () => {
    const json = parse({ a: 0, b: null });
    expect(['a', 'b', 'c'].filter(field => json.has(field))).toEqual(['a']);
    expect(json.keys()).toEqual(['a', 'b']);
  });
});

it('shows only as much of a long value as fits a line', () => {
  checkRefused(
    { s: ['x'.repeat(1000)] },
    json => json.string('s'),
    's',
    `found ["${'x'.repeat(78)}, expected`,
  );
});

describe('a file', () => {
  it('is read', () => {
    const path = join(temporaryFolder(), 'a.json');
    writeFileSync(path, '{"n": 5}');
    expect(JsonFile.read(path).integer('n')).toBe(5);
  });

  it.each([
    ['not JSON', 'hello\nworld', 'is not JSON'],
    ['empty', '', 'is not JSON'],
    ['an array', '[1]', 'expected a JSON object'],
    ['null', 'null', 'expected a JSON object'],
  ])('is refused when it is %s', (_, text, problem) => {
    const path = join(temporaryFolder(), 'a.json');
    writeFileSync(path, text);
    checkFault(() => JsonFile.read(path), path, 'file', problem);
  });

  it('is refused when it is missing or a folder', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'b.json'));
    checkFault(() => JsonFile.read(join(folder, 'a.json')), join(folder, 'a.json'), 'file', 'ENOENT');
    checkFault(() => JsonFile.read(join(folder, 'b.json')), join(folder, 'b.json'), 'file', 'is not a file');
  });

  it('that is larger than any real one is refused before it is read', () => {
    const path = join(temporaryFolder(), 'a.json');
    writeFileSync(path, '{}');
    truncateSync(path, 65 * 1024 * 1024);
    checkFault(() => JsonFile.read(path), path, 'size', 'expected a small JSON file');
  });
});

describe('the key that stands twice', () => {
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
  ])('of %s is %j', (text, expected) => {
    JSON.parse(text);
    expect(findDuplicateKey(text)).toBe(expected);
  });

  it('is searched quickly in a megabyte of one string or of brackets alone', () => {
    for (const text of [`{"a":"${'\\"x'.repeat(400_000)}"}`, `{"a":${'['.repeat(5e5)}${']'.repeat(5e5)}}`]) {
      const start = performance.now();
      expect(findDuplicateKey(text)).toBe(undefined);
      expect(performance.now() - start).toBeLessThan(1000);
    }
  });
});
