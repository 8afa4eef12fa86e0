import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../src/cli/command-line';
import type { Refusal, Scope, TriggerKind } from '../../src/completion/request';
import { decideScope } from '../../src/completion/scope';
import { findRefusal, refusalRules } from '../../src/completion/when';
import type { DocumentSnapshot } from '../../src/document/document-snapshot';
import type { CompletionSettings } from '../../src/settings/settings';
import { place } from '../notation';
import { testSettings } from './settings-for-test';

async function check(text: string, expected: Scope | Refusal, settings: Partial<CompletionSettings> = {}) {
  await checkKind('automatic', text, expected, settings);
}

async function checkManual(
  text: string,
  expected: Scope | Refusal,
  settings: Partial<CompletionSettings> = {},
) {
  await checkKind('manual', text, expected, settings);
}

async function checkKind(
  kind: TriggerKind,
  text: string,
  expected: Scope | Refusal,
  settings: Partial<CompletionSettings>,
) {
  const document = place(text);
  const refusal = await findRefusal({ document, trigger: kind, settings: { ...testSettings, ...settings } });
  expect(refusal ?? decideScope(document)).toBe(expected);
}

describe('while the user types, a line is suggested', () => {
  it.each([
    'const x = █',
    'const x = █\nconst y = 2;',
    'foo(█)',
    "foo('█');",
    'foo([{ a: "█" }]);',
    '<p>█>',
    'foo(█   ',
    'a = █ + b',
    'foo(█) {',
    'foo(█, bar)',
    'if (a) {\n  b();\n  █',
    'a();\n█\nb();',
  ])('at %j', text => check(text, 'line'));
});

describe('while the user types, nothing is suggested', () => {
  it.each(['█', '\n\n  █'])('before any text, as at %j', text => check(text, 'empty'));
  it.each(['█foo()', 'fo█o', 'a = █b', 'foo(█bar)', 'foo(█$)', 'ab█cd)'])('before a word, as at %j', text =>
    check(`a();\n${text}`, 'before-word'),
  );

  it.each([
    ['// Takes the █', 'typescript'],
    ['/* Takes the █', 'typescript'],
    ['/** Takes the █ */', 'typescript'],
    ['x = 1  # Takes the █', 'python'],
    ['<!-- Takes the █ -->', 'html'],
  ])('in a comment, if the user wants nothing there, as at %j', async (text, languageId) => {
    const document = { ...place(`a\n${text}`), languageId };
    const found = (inComments: boolean) =>
      findRefusal({
        document,
        trigger: 'automatic',
        settings: { ...testSettings, inComments, inStrings: false },
      });
    expect(await found(false)).toBe('in-comment');
    expect(await found(true)).toBeUndefined();
  });

  it.each([
    ["log('the queue is █')", 'typescript'],
    ['log(`the queue is █`)', 'typescript'],
    ['log("the queue is █")', 'python'],
    ['"""The queue is █', 'python'],
  ])('in a string, if the user wants nothing there, as at %j', async (text, languageId) => {
    const document = { ...place(text), languageId };
    const found = (inStrings: boolean) =>
      findRefusal({
        document,
        trigger: 'automatic',
        settings: { ...testSettings, inStrings, inComments: false },
      });
    expect(await found(false)).toBe('in-string');
    expect(await found(true)).toBeUndefined();
  });

  it.each(['a(); // why\n█', "log('a', █)", `log(\`a \${█}\`)`])(
    'but something is in code beside a comment or a string, as at %j',
    text => check(text, 'line', { inComments: false, inStrings: false }),
  );

  it('if suggestions are turned off', () => check('const x = █', 'off', { enable: false }));

  it('in a language that is turned off', async () => {
    await check('const x = █', 'language', { languages: { '*': true, typescript: false } });
    await check('const x = █', 'language', { languages: { '*': false } });
  });

  it('in a line that is too long to be written by a person', async () => {
    await check(`const x = ${'a'.repeat(20_000)}█`, 'long-line');
    await check(`const x = █${')'.repeat(20_000)}`, 'long-line');
  });

  it.each([
    '.git/COMMIT_EDITMSG',
    '.git/MERGE_MSG',
    '.git/SQUASH_MSG',
    '.git/TAG_EDITMSG',
    'rebase-merge/git-rebase-todo',
    'tmp/svn-commit.tmp',
    'tmp/editor-Ab12.jjdescription',
  ])('in %s, whatever its language, unless its language is turned on', async path => {
    const refusalOf = (languages: CompletionSettings['languages']) => {
      const document = place('Mend the █', { path, languageId: 'plaintext' });
      return findRefusal({ document, trigger: 'automatic', settings: { ...testSettings, languages } });
    };
    const defaults = defaultSettings(process.cwd()).languages;
    expect(await refusalOf({ ...defaults, plaintext: true })).toBe('language');
    expect(await refusalOf({ ...defaults, 'git-commit': true, 'git-rebase': true })).toBeUndefined();
  });

  it.each(['git-commit', 'git-rebase'])(
    'in the language %s, as long as the defaults hold',
    async languageId => {
      const document = place('Mend the █', { path: 'a/message', languageId });
      const settings = defaultSettings(process.cwd());
      expect(await findRefusal({ document, trigger: 'automatic', settings })).toBe('language');
      expect(await findRefusal({ document, trigger: 'manual', settings })).toBeUndefined();
    },
  );

  it('except in a language that is turned on while all others are off', () =>
    check('const x = █', 'line', { languages: { '*': false, typescript: true } }));
});

describe('when the user asks,', () => {
  it('a line is suggested within a line', () => checkManual('foo(█bar)', 'line'));
  it('a line is suggested even if suggestions are turned off', async () => {
    await checkManual('const x = █', 'line', { enable: false });
    await checkManual('const x = █', 'line', { languages: { '*': false } });
  });
  it('a block is suggested in an empty block', () => checkManual('f() {\n  █\n}', 'block'));
  it('nothing is suggested in an empty document', () => checkManual(' \n█', 'empty'));
});

it('a rule of the document holds at each of its places', async () => {
  const document = place('a = █b', { path: 'app/.env' });
  const rules = refusalRules.filter(({ ofDocument }) => ofDocument);
  const refusalOf = (place: DocumentSnapshot) =>
    findRefusal({ document: place, trigger: 'automatic', settings: testSettings }, rules);
  expect(await refusalOf(document)).toBe('secret');
  expect(await refusalOf({ ...document, path: 'app/a.ts' })).toBeUndefined();
});

describe('a file that may hold secrets', () => {
  it.each(['automatic', 'manual'] as const)('is never completed (%s)', async trigger => {
    const document = place('TOKEN=█', { path: 'app/.env' });
    expect(await findRefusal({ document, trigger, settings: testSettings })).toBe('secret');
  });

  it('is recognised by its language if it has no name of its own', async () => {
    const document = place('TOKEN=█', {
      uri: 'untitled:Untitled-1',
      path: 'Untitled-1',
      languageId: 'dotenv',
    });
    expect(await findRefusal({ document, trigger: 'manual', settings: testSettings })).toBe('secret');
  });

  it('is recognised by a folder that the prompt does not name', async () => {
    const uri = 'file:///home/me/.aws/sso/cache/token.json';
    const document = place('{ "a": █', { uri, path: 'cache/token.json' });
    expect(await findRefusal({ document, trigger: 'manual', settings: testSettings })).toBe('secret');
  });
});

describe('a block is suggested in an empty block', () => {
  it.each([
    'function f() {\n  █\n}',
    'function f() {\n\t█\n}',
    'function f() {\n  █',
    'function f() {\n\n  █\n\n}\n',
    'const f = () =>\n  █',
    'const a = [\n  █\n];',
    'foo(\n  █\n);',
    'def f():\n    █\n\ndef g():\n',
    '  if x then\n    █\n  fi',
    'while x; do\n  █\ndone',
    'begin\n  █\nend',
  ])('as at %j', text => check(text, 'block'));
});

describe('a line is suggested', () => {
  it.each([
    ['after the first line of a block', 'function f() {\n  a();\n  █\n}'],
    ['before a line of the block', 'function f() {\n  █\n  a();\n}'],
    ['if the line is not indented', 'function f() {\n█'],
    ['if the line has begun', 'function f() {\n  a█\n}'],
    ['after a word that only ends like a keyword', 'const undo\n  █'],
    ['on the same line as the opening bracket', 'function f() {█}'],
  ])('%s', (_, text) => check(text, 'line'));
});
