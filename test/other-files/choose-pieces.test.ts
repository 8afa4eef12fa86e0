import { describe, expect, it } from 'vitest';
import { createSnippetChooser } from '../../src/other-files/choose-pieces';
import type { OtherFile } from '../../src/other-files/other-file';
import { createSuffixPrefixMiddle } from '../../src/prompt/suffix-prefix-middle';
import type { CompletionSettings } from '../../src/settings/settings';
import { createByteTokenizer, marks } from '../byte-tokenizer';
import { place } from '../notation';

const cart = { path: 'src/cart.ts', text: 'export const cartTotal = sumPrices(cart.items);' };

/** A model whose vocabulary has a mark between files, and one whose has not. */
const trained = modelWith([...marks, '<|file_sep|>']);
const untrained = modelWith(marks);

function modelWith(special: readonly string[]) {
  const tokenizer = createByteTokenizer(special);
  return { tokenizer, layout: createSuffixPrefixMiddle(tokenizer)!, contextWindow: 2048 };
}

interface Options {
  readonly model?: typeof trained;
  readonly otherFiles?: CompletionSettings['otherFiles'];
  readonly contextTokens?: number;
  readonly files?: () => readonly OtherFile[] | undefined;
}

function choose(
  { model = trained, otherFiles = 'auto', contextTokens = 1024, files = () => [cart] }: Options,
  chooser = createSnippetChooser(),
) {
  const document = place('const price = sumPrices(cart.items) + cartTotal(█');
  const settings = { contextTokens, maxTokens: 64, otherFiles };
  return chooser.choose(document, files, model, settings).map(({ path }) => path);
}

describe('other files are shown', () => {
  it('to a model that was trained to read them', () => {
    expect(choose({})).toEqual(['src/cart.ts']);
    expect(choose({ model: untrained })).toEqual([]);
  });

  it('to any model, if the setting says so', () =>
    expect(choose({ model: untrained, otherFiles: 'always' })).toEqual(['src/cart.ts']));

  it('to none, if the setting says so', () => expect(choose({ otherFiles: 'never' })).toEqual([]));

  it('within a third of the prompt', () => {
    // Path, line break, text and frame are 63 bytes.
    expect(choose({ contextTokens: 3 * 62 })).toEqual([]);
    expect(choose({ contextTokens: 3 * 63 })).toEqual(['src/cart.ts']);
  });

  it('as soon as they are known', () => {
    const chooser = createSnippetChooser();
    expect(choose({ files: () => undefined }, chooser)).toEqual([]);
    expect(choose({}, chooser)).toEqual(['src/cart.ts']);
  });

  it('not while it is not known which there are, and what was shown may be ignored', () => {
    const chooser = createSnippetChooser();
    choose({}, chooser);
    expect(choose({ files: () => undefined }, chooser)).toEqual([]);
    expect(chooser.last(place('█'))).toEqual([]);
  });

  it('no more, once there are none', () => {
    const chooser = createSnippetChooser();
    choose({}, chooser);
    expect(choose({ files: () => [] }, chooser)).toEqual([]);
    expect(chooser.last(place('█'))).toEqual([]);
  });
});

it('nobody looks for files that are not wanted', () => {
  const files = () => {
    throw new Error('was asked for');
  };
  expect(choose({ model: untrained, files })).toEqual([]);
  expect(choose({ otherFiles: 'never', files })).toEqual([]);
});
