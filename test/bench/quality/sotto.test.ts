/** The completer as a replay asks it, with an engine that gives scripted answers. */
import { expect, it } from 'vitest';
import { createSotto, parts, partsOfLogic } from '../../../bench/quality/sotto';
import type { LocalModel } from '../../../src/completion/local-model';
import { createSuffixPrefixMiddle } from '../../../src/prompt/prompt-layout';
import { createTokenHealing } from '../../../src/prompt/token-healing';
import { idsWithByte } from '../../../src/tokenizer/tokenizer';
import { createByteTokenizer, spell } from '../../byte-tokenizer';
import { createScriptedEngine, says } from '../../completion/scripted-engine';
import { testCalibration, testSettings } from '../../completion/settings-for-test';
import { stretchOf } from './typed-stretch';

/** Asks for a suggestion after each of `typed`. The model gives `answers` in turn. */
async function ask(
  marked: string,
  typed: readonly string[],
  answers: readonly string[],
  ...without: string[]
) {
  return askModel(() => undefined, marked, typed, answers, ...without);
}

const tokenizer = createByteTokenizer();

async function askModel(
  heal: LocalModel['heal'],
  marked: string,
  typed: readonly string[],
  answers: readonly string[],
  ...without: string[]
) {
  const engine = createScriptedEngine(...answers.map(text => says(text)));
  const layout = createSuffixPrefixMiddle(tokenizer)!;
  const lineBreakIds = idsWithByte(tokenizer, 10);
  const known = { name: 'scripted', contextWindow: 384, calibration: testCalibration };
  const model = { ...known, tokenizer, layout, lineBreakIds, engine, heal };
  const settings = { ...testSettings, debounce: 0 };
  const suggest = createSotto({ openModel: async () => model, settings, without });
  const stretch = stretchOf(marked);
  const found = [];
  for (const text of typed) found.push(await suggest(stretch, stretch.from + text.length));
  return {
    found,
    texts: found.map(one => one?.text),
    prompts: engine.requests.map(({ ids }) => spell(tokenizer, ids)),
  };
}

it('gives a suggestion with its confidence', async () => {
  const { found, texts } = await ask('«foo(bar)»', ['f', 'fo'], ['oo(b']);
  expect(texts).toEqual(['oo(b', 'o(b']);
  for (const one of found) expect(one?.confidence).toBeGreaterThan(testSettings.minConfidence);
});

it('without copy asks the model even where the document has the text', async () => {
  const known = ['one', 'two', 'three', 'four'].map(name => `let all = sum(values);\n${name}();\n`).join('');
  const marked = `${known}«let all = sum(values);»`;
  const typed = ['let all = s'];
  expect((await ask(marked, typed, [])).texts).toEqual(['um(values);']);
  expect((await ask(marked, typed, ['x(y)'], 'copy')).texts).toEqual(['x(y)']);
});

it('without reuse asks the model at each key', async () => {
  const { texts } = await ask('«foo(bar)»', ['f', 'fo'], ['oo(b', 'xy'], 'reuse');
  expect(texts).toEqual(['oo(b', 'xy']);
});

it('without the fit writes a closed bracket twice', async () => {
  expect((await ask('«foo(bar)»', ['foo('], ['bar)'])).texts).toEqual(['bar']);
  expect((await ask('«foo(bar)»', ['foo('], ['bar)'], 'fit')).texts).toEqual(['bar)']);
});

it('without a filter shows what that filter removes', async () => {
  const answers = ['a;  '];
  expect((await ask('«a = a;»', ['a = '], answers)).texts).toEqual(['a;']);
  expect((await ask('«a = a;»', ['a = '], answers, 'trimTrailingSpace')).texts).toEqual(answers);
});

it('without blocks asks for a line only', async () => {
  const marked = 'f() {\n  «aa\n  b»\n}';
  expect((await ask(marked, [''], ['aa\n  b'])).texts).toEqual(['aa\n  b']);
  expect((await ask(marked, [''], ['aa\n  b'], 'blocks')).texts).toEqual(['aa']);
});

it('without suffix or path has a prompt that lacks it', async () => {
  const marked = 'above\n«a»\nbelow';
  expect((await ask(marked, ['a'], ['b'])).prompts[0]).toMatch(/below.*src\/sample\.ts/s);
  expect((await ask(marked, ['a'], ['b'], 'suffix')).prompts[0]).not.toContain('below');
  expect((await ask(marked, ['a'], ['b'], 'path')).prompts[0]).not.toContain('sample');
});

it('without healing has a prompt that ends at the cursor', async () => {
  const heal = createTokenHealing(tokenizer);
  const marked = 'a.«lis = 1»';
  const [healed, whole] = [
    await askModel(heal, marked, ['li'], ['lis = 1']),
    await askModel(heal, marked, ['li'], ['s = 1'], 'healing'),
  ];
  expect([healed.texts, whole.texts]).toEqual([['s = 1'], ['s = 1']]);
  expect(healed.prompts[0]).toMatch(/\na\.$/);
  expect(whole.prompts[0]).toMatch(/\na\.li$/);
});

it('without any logic asks the model everywhere and shows its whole answer', async () => {
  const { texts } = await ask('«foo(bar)»', ['foo(', 'foo(b'], ['bar)  ', 'az '], ...partsOfLogic);
  expect(texts).toEqual(['bar)  ', 'az ']);
});

it('has each filter as a part, by the name of the filter', () => {
  expect([...parts.keys()]).toContain('cutRepeatedLineAbove');
  expect(partsOfLogic).not.toContain('suffix');
});
