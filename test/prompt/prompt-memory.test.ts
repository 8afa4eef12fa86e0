import { describe, expect, it } from 'vitest';
import type { OtherFile } from '../../src/other-files/other-file';
import { findLayout } from '../../src/prompt/find-layout';
import { createSuffixPrefixMiddle } from '../../src/prompt/prompt-layout';
import { createPromptMemory, type PromptMemory, type PromptSettings } from '../../src/prompt/prompt-memory';
import { createByteTokenizer, marks, spell } from '../byte-tokenizer';
import { otherFile, place } from '../notation';

const tokenizer = createByteTokenizer([...marks, '<|file_sep|>']);
const model = {
  tokenizer,
  layout: createSuffixPrefixMiddle(tokenizer)!,
  contextWindow: 2048,
  heal: () => undefined,
};
const settings: PromptSettings = {
  contextTokens: 1024,
  maxTokens: 64,
  otherFiles: 'auto',
  fillInTheMiddle: 'auto',
};

const cart = otherFile('src/cart.ts', 'export const cartTotal = (cart: Cart) => sumPrices(cart.items);\n');
const atCart = 'const price = sumPrices(cart.items) + cartTotal(█';

/** Whether the next prompt for a document shows the piece of another file. */
function next(
  memory: PromptMemory,
  files: readonly OtherFile[] | undefined,
  uri = 'a',
  changed = {},
): boolean {
  const question = { document: place(atCart, { uri }), otherFiles: () => files };
  return spell(tokenizer, memory.next(question, model, { ...settings, ...changed }).ids).includes(
    'src/cart.ts',
  );
}

/** Whether a guess for the document shows the piece. */
function guess(memory: PromptMemory, uri = 'a', files: readonly OtherFile[] | undefined = [cart]): boolean {
  const question = { document: place(atCart, { uri }), otherFiles: () => files };
  const prompt = memory.guess(question, model, settings);
  return prompt !== undefined && spell(tokenizer, prompt.ids).includes('src/cart.ts');
}

describe('the prompt memory', () => {
  it('chooses pieces as soon as the files are known', () => {
    const memory = createPromptMemory();
    expect(next(memory, undefined)).toBe(false);
    expect(next(memory, [cart])).toBe(true);
    expect(guess(memory)).toBe(true);
  });

  it('forgets its choice while files are collected again, because a file may be ignored now', () => {
    const memory = createPromptMemory();
    next(memory, [cart]);
    expect(next(memory, undefined)).toBe(false);
    expect(guess(memory)).toBe(false);
  });

  it('forgets its choice when there are no files any more', () => {
    const memory = createPromptMemory();
    next(memory, [cart]);
    expect(next(memory, [])).toBe(false);
    expect(guess(memory)).toBe(false);
  });

  it('shows no pieces if the setting says never, and forgets those it chose', () => {
    const memory = createPromptMemory();
    next(memory, [cart]);
    expect(next(memory, [cart], 'a', { otherFiles: 'never' })).toBe(false);
    expect(guess(memory)).toBe(false);
  });

  it('remembers the 32 documents that were used last', () => {
    const memory = createPromptMemory();
    for (let index = 0; index < 32; index++) next(memory, [cart], `${index}`);
    next(memory, [cart], '0');
    next(memory, [cart], '32');
    expect(['0', '1', '2'].map(uri => guess(memory, uri))).toEqual([true, false, true]);
  });
});

describe('the setting fillInTheMiddle', () => {
  const filling = { ...model, ...findLayout(tokenizer) };
  const promptsOf = (fillInTheMiddle: PromptSettings['fillInTheMiddle']) => {
    const memory = createPromptMemory();
    const question = { document: place('a = █\nb') };
    const used = { ...settings, fillInTheMiddle };
    const next = memory.next(question, filling, used);
    return [next, memory.guess(question, filling, used)!].map(({ ids }) => spell(tokenizer, ids));
  };

  it("auto shows the text after the cursor in the model's own layout", () => {
    const expected = '<|fim_prefix|><|fim_suffix|>\nb<|fim_middle|><|path|>src/sample.ts\na = ';
    expect(promptsOf('auto')).toEqual([expected, expected]);
  });

  it('never shows nothing after the cursor', () =>
    expect(promptsOf('never')).toEqual(Array(2).fill('<|path|>src/sample.ts\na = ')));
});

describe('a guess', () => {
  const lines = '0123456\n'.repeat(100);
  const small = { ...settings, contextTokens: 110 };
  const windowOf = (memory: PromptMemory, text: string) =>
    memory.next({ document: place(text) }, model, small).window;

  it('begins with the same line as the last prompt of the document', () => {
    const memory = createPromptMemory();
    const { start } = windowOf(memory, `${lines}█`);
    expect(memory.guess({ document: place(`${lines}ab█`) }, model, small)?.window.start).toBe(start);
  });

  it('is not made if the window would move', () => {
    const memory = createPromptMemory();
    windowOf(memory, `${lines}█`);
    expect(memory.guess({ document: place(`${lines}${lines}█`) }, model, small)).toBeUndefined();
    expect(memory.guess({ document: place(`${lines}█\nother`) }, model, small)).toBeUndefined();
  });

  it('is not made for a document without a prompt', () =>
    expect(createPromptMemory().guess({ document: place('a█') }, model, settings)).toBeUndefined());

  it('is not made with a piece of a file that is closed or ignored by now', () => {
    const memory = createPromptMemory();
    next(memory, [cart]);
    expect(guess(memory)).toBe(true);
    expect(guess(memory, 'a', [])).toBe(false);
    const collecting = { document: place(atCart, { uri: 'a' }), otherFiles: () => undefined };
    expect(memory.guess(collecting, model, settings)).toBeUndefined();
  });

  it('leaves the window of the next prompt where it is', () => {
    const memory = createPromptMemory();
    const before = windowOf(memory, `${lines}█`);
    memory.guess({ document: place(`${lines}abc\ndef█`) }, model, small);
    expect(windowOf(memory, `${lines}a█`).start).toBe(before.start);
  });
});
