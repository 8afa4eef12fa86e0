import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json';
import { defaultSettings, readPlace, snapshotOf, UsageError } from '../../src/cli/command-line';
import { temporaryFile } from '../temporary-folder';

/** `prefix█suffix` at `place`, which follows the file's path, of a file of `content`. */
function check(content: string, place: string, expected: string) {
  const { prefix, suffix } = readPlace(`${temporaryFile('a.ts', content)}:${place}`);
  expect(`${prefix}█${suffix}`).toBe(expected);
}

function checkError(place: string, message: string) {
  expect(() => readPlace(place)).toThrow(new UsageError(message));
}

describe('FILE:LINE:COLUMN', () => {
  it('counts from 1', () => check('ab\ncd\n', '1:1', '█ab\ncd\n'));
  it('is a place between characters', () => check('ab\ncd\n', '2:2', 'ab\nc█d\n'));
  it('may be the end of a line', () => check('ab\ncd\n', '1:3', 'ab█\ncd\n'));
  it('may be the empty line at the end', () => check('ab\n', '2:1', 'ab\n█'));
  it('may be in an empty file', () => check('', '1:1', '█'));
  it('takes Windows line ends as one character', () => check('ab\r\ncd\r\n', '2:1', 'ab\n█cd\n'));

  it("gives the model the file's folder and name", () => {
    const file = temporaryFile('a.ts', 'x');
    const { path, uri } = readPlace(`${file}:1:1`);
    expect(path).toBe(`${basename(dirname(file))}/a.ts`);
    expect(uri).toBe(file);
  });
});

describe('a wrong place', () => {
  it.each(['a.ts', 'a.ts:1', 'a.ts:1:x', ':1:1', 'a.ts:-1:1', ''])('%j is not FILE:LINE:COLUMN', place =>
    checkError(place, `${place}: expected FILE:LINE:COLUMN, counted from 1`),
  );

  it('names a missing file', () => checkError('/no/such.ts:1:1', '/no/such.ts: no such file'));
  it('names a folder, which is not a file', () => {
    const folder = dirname(temporaryFile('a.ts', ''));
    checkError(`${folder}:1:1`, `${folder}: cannot be read (EISDIR)`);
  });

  it('says how many lines there are', () => {
    const file = temporaryFile('a.ts', 'ab\ncd');
    checkError(`${file}:3:1`, `${file}:3: the file has 2 lines`);
    checkError(`${file}:0:1`, `${file}:0: the file has 2 lines`);
  });
  it('says how many columns there are', () => {
    const file = temporaryFile('a.ts', 'ab\ncd');
    checkError(`${file}:2:4`, `${file}:2:4: line 2 has columns 1 to 3`);
    checkError(`${file}:2:0`, `${file}:2:0: line 2 has columns 1 to 3`);
  });
});

it('a snapshot of text has line feeds only', () =>
  expect(snapshotOf('/work/src/a.ts', 'a\r\nb', 'c\r\n')).toEqual({
    uri: '/work/src/a.ts',
    path: 'src/a.ts',
    languageId: 'typescript',
    prefix: 'a\nb',
    prefixOffset: 0,
    suffix: 'c\n',
  }));

it('reads the defaults of package.json from every section', () => {
  const [basic, sampling] = manifest.contributes.configuration;
  const settings = defaultSettings('.');
  expect(settings.maxTokens).toBe(basic!.properties['sotto.maxTokens']!.default);
  expect(settings.languages).toEqual(basic!.properties['sotto.languages']!.default);
  expect(settings.sampling.topK).toBe(sampling!.properties['sotto.sampling.topK']!.default);
});
