import { describe, expect, it } from 'vitest';
import { choosePieces } from '../../src/other-files/choose-pieces';
import { FilePieces } from '../../src/other-files/other-file';
import { createPrefixOnly, createSuffixPrefixMiddle } from '../../src/prompt/prompt-layout';
import { buildPrompt, piecesBudget, wantsOtherFiles } from '../../src/prompt/prompt-memory';
import type { TextWindow } from '../../src/prompt/sticky-window';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import type { Tokenizer } from '../../src/tokenizer/tokenizer';
import { createByteTokenizer, marks, spell } from '../byte-tokenizer';
import { otherFile, type PlaceOptions, place } from '../notation';
import { createRandom } from '../random';

const bytes = createByteTokenizer();
const modelOf = (tokenizer: Tokenizer, contextWindow = 384) => ({
  tokenizer,
  layout: createSuffixPrefixMiddle(tokenizer) ?? createPrefixOnly(tokenizer),
  contextWindow,
  heal: () => undefined,
});

interface PromptOptions extends PlaceOptions {
  readonly contextTokens?: number;
  readonly maxTokens?: number;
  readonly contextWindow?: number;
  readonly windows?: Map<string, TextWindow>;
}

function promptOf(text: string, options: PromptOptions = {}): string {
  const { contextTokens = 1024, maxTokens = 64, contextWindow, windows, ...more } = options;
  const settings = { contextTokens, maxTokens };
  const document = place(text, { path: 'a.ts', ...more });
  const previous = windows?.get(document.uri);
  const { ids, window } = buildPrompt(document, modelOf(bytes, contextWindow), settings, {
    window: previous,
  });
  windows?.set(document.uri, window);
  return spell(bytes, ids);
}

/** Characters of the document's prefix that the prompt shows. */
const shown = (prompt: string) => prompt.slice(prompt.indexOf('<|path|>a.ts\n') + 13).length;

const document = `${'0123456\n'.repeat(100)}█`;

describe('the prompt', () => {
  it('shows all of a short document, without the rest of the line', () =>
    expect(promptOf('foo(█)\nbar')).toBe(
      '<|fim_prefix|><|fim_suffix|>\nbar<|fim_middle|><|path|>a.ts\nfoo(',
    ));

  it('has no more tokens than the setting says', () => {
    // Four marks, the path's five bytes and the suffix's line break are the frame.
    expect(shown(promptOf(document, { contextTokens: 110 }))).toBeLessThanOrEqual(100);
    expect(shown(promptOf(document, { contextTokens: 110 }))).toBeGreaterThan(50);
  });

  it("leaves room for the answer in the model's context window", () =>
    expect(shown(promptOf(document, { contextWindow: 384, maxTokens: 284 }))).toBeLessThanOrEqual(90));

  it('shows a line or two even if the settings leave no room', () =>
    expect(shown(promptOf(document, { contextWindow: 64, maxTokens: 512 }))).toBe(8));

  it('gives the suffix at most a quarter of the room', () => {
    const prompt = promptOf(`a█\n${document.replace('█', '')}`, { contextTokens: 110 });
    const suffix = prompt.slice('<|fim_prefix|><|fim_suffix|>'.length, prompt.indexOf('<|fim_middle|>'));
    expect(suffix).toBe('\n0123456\n0123456\n0123456');
  });

  it('gives the prefix all the room for a model that takes no suffix', () => {
    const tokenizer = createByteTokenizer([]);
    const document = place('0123456\n0123456\n█\nbar');
    const { ids } = buildPrompt(document, modelOf(tokenizer), { contextTokens: 32, maxTokens: 64 });
    expect(ids).toEqual(tokenizer.encode('0123456\n0123456\n'));
  });

  it("has no more tokens than the setting says with the bundled model's tokenizer", async () => {
    const model = modelOf(await loadTokenizer('models/sotto-starter'));
    const random = createRandom(7);
    const pieces = ['foo', ' ', '    ', '\t', '(', ');', ' = ', '\n', '\n\n', '\n    ', '日本', 'Total', '/'];
    for (let index = 0; index < 200; index++) {
      const path = `${random.join(['src', 'a', '-', 'long', 'é'], 1 + random.below(8))}/x.ts`;
      const text = `${random.join(pieces, random.below(800))}█${random.join(pieces, random.below(400))}`;
      const settings = { contextTokens: 64 + random.below(400), maxTokens: 64 };
      const otherFiles = Array.from({ length: random.below(3) }, () => ({
        path: `src/${random.join(['a', 'é'], 3)}.ts`,
        text: random.join(pieces, random.below(40)).slice(0, 60),
      }));
      const { ids } = buildPrompt(place(text, { path }), model, settings, {
        pieces: settings.contextTokens < 200 ? [] : otherFiles,
      });
      expect(ids.length, JSON.stringify({ path, text })).toBeLessThanOrEqual(
        Math.min(settings.contextTokens, model.contextWindow - settings.maxTokens),
      );
    }
  });
});

describe('the window', () => {
  const full = { contextTokens: 110 };

  it('stays where it is while the user types', () => {
    const windows = new Map<string, TextWindow>();
    const before = promptOf(document, { ...full, windows });
    expect(promptOf(document.replace('█', 'abc█'), { ...full, windows })).toBe(`${before}abc`);
  });

  it('of one document does not move the window of another', () => {
    const windows = new Map<string, TextWindow>();
    const before = promptOf(document, { ...full, windows, uri: 'file:///a.ts' });
    promptOf('short█', { ...full, windows, uri: 'file:///b.ts' });
    const after = promptOf(document.replace('█', 'a█'), { ...full, windows, uri: 'file:///a.ts' });
    expect(after).toBe(`${before}a`);
  });
});

describe('pieces of other files', () => {
  /** A model whose vocabulary has a mark between files, and one whose vocabulary has none. */
  const trained = modelOf(createByteTokenizer([...marks, '<|file_sep|>']), 2048);
  const untrained = modelOf(bytes, 2048);

  it.each([
    ['auto', true, false],
    ['always', true, true],
    ['never', false, false],
  ] as const)(
    'with the setting %s are shown to a model with a mark between files: %s, to another: %s',
    (otherFiles, toTrained, toUntrained) => {
      expect(wantsOtherFiles(trained, { otherFiles })).toBe(toTrained);
      expect(wantsOtherFiles(untrained, { otherFiles })).toBe(toUntrained);
    },
  );

  it('take at most a third of the prompt', () => {
    const cart = otherFile('src/cart.ts', 'export const cartTotal = sumPrices(cart.items);');
    const document = place('const price = sumPrices(cart.items) + cartTotal(█');
    const choose = (contextTokens: number) => {
      const budget = piecesBudget(trained, { contextTokens, maxTokens: 64 });
      return choosePieces(document, [cart], budget, files => new FilePieces().of(files)).pieces;
    };
    // Path, line break, text and frame are 63 bytes.
    expect(choose(3 * 62)).toEqual([]);
    expect(choose(3 * 63)).toHaveLength(1);
  });
});
