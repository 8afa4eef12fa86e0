import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isSameState, leavesRegionAt, scanCode, startOf } from '../../src/document/code-lexer';
import { createRandom } from '../random';

const languages: Readonly<Record<string, string>> = {
  ...{
    '.ts': 'typescript',
    '.mts': 'typescript',
    '.mjs': 'javascript',
    '.js': 'javascript',
    '.cjs': 'javascript',
  },
  ...{ '.py': 'python', '.json': 'json', '.toml': 'toml', '.yml': 'yaml', '.md': 'markdown', '.svg': 'xml' },
};

interface File {
  readonly path: string;
  readonly languageId: string;
  readonly text: string;
}

const root = join(import.meta.dirname, '../..');
const files: readonly File[] = ['src', 'train', 'scripts', 'bench', 'docs', 'examples'].flatMap(folder =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.parentPath.includes('fixtures'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .flatMap(path => {
      const languageId = languages[/\.\w+$/.exec(path)?.[0] ?? ''];
      return languageId ? [{ path, languageId, text: readFileSync(path, 'utf8') }] : [];
    }),
);
const programs = files.filter(({ languageId }) => /script|python/.test(languageId));

describe('in each program of this repository', () => {
  const partners: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

  it.each(programs.map(file => [file.path.slice(root.length + 1), file] as const))(
    'brackets match: %s',
    (_, file) => {
      const { brackets, state } = scanCode(file.text, file.languageId);
      const open: string[] = [];
      for (const { bracket, at } of brackets) {
        const closer = partners[bracket];
        if (closer) open.push(closer);
        else expect(bracket, `at ${at}`).toBe(open.pop());
      }
      expect(open).toEqual([]);
      expect(isSameState(state, startOf(file.languageId))).toBe(true);
    },
  );
});

describe('a text scanned in parts', () => {
  const random = createRandom(14);

  /** Compares brackets, their places and the regions at the end. */
  function checkParts({ path, languageId, text }: File, cuts: readonly number[]) {
    const whole = scanCode(text, languageId);
    const brackets: (typeof whole.brackets)[number][] = [];
    let state = startOf(languageId);
    let from = 0;
    for (const to of [...cuts, text.length]) {
      const part = scanCode(text.slice(from, to), languageId, state);
      for (const { bracket, at } of part.brackets) brackets.push({ bracket, at: from + at });
      state = part.state;
      from = to;
    }
    expect(brackets, `${path} cut at ${cuts}`).toEqual(whole.brackets);
    expect(state, `${path} cut at ${cuts}`).toEqual(whole.state);
  }

  it('gives the same as scanned whole, at 2,000 random cuts', () => {
    for (let round = 0; round < 2000; round++) {
      const file = random.pick(files);
      const start = random.below(file.text.length + 1);
      const text = file.text.slice(start, start + 3000);
      checkParts({ ...file, text }, [random.below(text.length + 1)]);
    }
  });

  it('gives the same as scanned whole, in many parts', () => {
    for (let round = 0; round < 100; round++) {
      const file = random.pick(programs);
      const text = file.text.slice(0, 4000);
      const cuts = Array.from({ length: 20 }, () => random.below(text.length + 1)).sort((a, b) => a - b);
      checkParts({ ...file, text }, cuts);
    }
  });
});

it('reads any signs in any language to the end', () => {
  const random = createRandom(5);
  const ids = (
    'typescript javascriptreact c cpp csharp kotlin swift dart groovy php go rust python ruby shellscript lua ' +
    'sql html vue svelte css scss json yaml toml markdown haskell elm clojure latex perl r elixir erlang fsharp ocaml ' +
    'julia powershell vb fortran pascal makefile dockerfile plaintext unknown'
  ).split(' ');
  const signs = [
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '`',
    '/',
    '*',
    '#',
    '$',
    '<',
    '>',
    '\\',
    '\n',
    ' ',
    'a',
    '1',
    '-',
    '=',
    '|',
    '%',
    '~',
    '@',
    '?',
    ':',
    '<<A',
    '```',
    '"""',
    '<script>',
    '</script>',
    's/',
    'r#"',
    '\r\n',
    '😀',
    'in',
    ';;',
    'q(',
  ];
  for (let round = 0; round < 5000; round++) {
    const languageId = random.pick(ids);
    const text = random.join(signs, random.below(60));
    const cut = random.below(text.length + 1);
    const before = scanCode(text.slice(0, cut), languageId);
    const after = scanCode(text.slice(cut), languageId, before.state);
    for (const { bracket, at } of after.brackets) expect(text[cut + at]).toBe(bracket);
    const left = leavesRegionAt(text.slice(cut), languageId, before.state);
    if (left !== undefined) expect(before.state.regions.length).toBeGreaterThan(0);
  }
});
