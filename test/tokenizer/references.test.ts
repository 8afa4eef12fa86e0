/** Compares every kind of tokenizer with the reference: with committed ids, and with Python itself if it is there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { decode, idsWithByte } from '../../src/tokenizer/tokenizer';
import { temporaryFolder } from '../temporary-folder';
import { compareTokens, parts } from './compare-tokens';
import { hasReference, startReference } from './reference';
import { tokenizerKinds } from './tokenizer-kinds';

const root = join(__dirname, '../..');
const fixtures = join(root, 'test/fixtures/tokenizers');
const golden: {
  readonly texts: readonly string[];
  readonly ids: Readonly<Record<string, readonly (readonly number[])[]>>;
} = JSON.parse(readFileSync(join(fixtures, 'tokens.json'), 'utf8'));

describe.each(Object.keys(golden.ids))('tokenizer.json of %s', name => {
  it('gives the ids of the reference', async () => {
    const tokenizer = await loadTokenizer(join(fixtures, name));
    const differing = golden.texts.filter(
      (text, i) => tokenizer.encode(text).join() !== golden.ids[name]![i]!.join(),
    );
    expect(differing).toEqual([]);
  });

  it('finds every id that holds a line break', async () => {
    const tokenizer = await loadTokenizer(join(fixtures, name));
    const found = idsWithByte(tokenizer, 10);
    expect(found.map(id => decode(tokenizer, [id])).filter(text => !text.includes('\n'))).toEqual([]);
    for (const text of ['foo();\n', 'a\n\n\tb', '\r\n}'])
      expect(
        tokenizer.encode(text).some(id => found.includes(id)),
        text,
      ).toBe(true);
  });

  it('encodes the spelling of a mark as ordinary text', async () => {
    const tokenizer = await loadTokenizer(join(fixtures, name));
    const names = ['<|endoftext|>', '<s>', '</s>', '<unk>', '<|begin_of_text|>', '<fim_middle>', '▁<PRE>'];
    const marks = [...names, '<|fim_prefix|>', '<｜fim▁hole｜>', '[SUFFIX]'];
    const ids = marks.map(mark => tokenizer.special(mark)).filter(id => id !== undefined);
    expect(ids).not.toEqual([]);
    const text = `a ${marks.join(' ')}${marks.join('')}`;
    expect(tokenizer.encode(text).filter(id => ids.includes(id))).toEqual([]);
    for (const id of ids) expect(tokenizer.bytes(id)).toHaveLength(0);
  });
});

// The ids above are committed. These come from Python while the test runs.
const python = process.env['PYTHON'] ?? 'python3';
if (hasReference(python))
  it('agrees with the reference on thousands of texts of each kind', async () => {
    const reference = await startReference(python, root);
    try {
      const texts = parts(root, reference, 7);
      for (const kind of tokenizerKinds(root, temporaryFolder())) {
        const { mismatches, unlike } = await compareTokens(kind, reference, texts, 200);
        expect({ kind: kind.name, mismatches, unlike }).toEqual({
          kind: kind.name,
          mismatches: [],
          unlike: [],
        });
      }
    } finally {
      reference.close();
    }
  }, 120_000);
