/** A completion of the bundled model, explained: the numbers belong together. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attentionPage, visible } from '../../src/explain/attention-page';
import { attentionPicture } from '../../src/explain/attention-picture';
import { type ExplainedCompletion, explainCompletion } from '../../src/explain/explain-completion';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { checkpointAt } from '../checkpoint/checkpoint-at';
import { removeFolder } from '../temporary-folder';

const checkpoint = join(__dirname, '../../models/sotto-starter');
const prompt = 'for (let i = 0; i < 10; ';
const written = 'i++) {';

async function explain(graphsFolder: string): Promise<ExplainedCompletion> {
  const tokenizer = await loadTokenizer(checkpoint);
  const promptIds = [tokenizer.special('<|endoftext|>')!, ...tokenizer.encode(prompt)];
  return explainCompletion(promptIds, tokenizer.encode(written), {
    source: checkpointAt(checkpoint),
    tokenizer,
    graphsFolder,
    threads: 1,
  });
}

describe('the bundled model', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-explain-'));
  let explained: ExplainedCompletion;
  beforeAll(async () => {
    explained = await explain(folder);
  }, 60_000);
  afterAll(() => removeFolder(folder));

  it('has read and written these tokens, marks by their names', () => {
    const { tokens, promptLength, steps } = explained;
    expect(tokens[0]).toEqual({ text: '<|endoftext|>', isMark: true });
    const textOf = (some: typeof tokens) => some.map(({ text }) => text).join('');
    expect(textOf(tokens.slice(1, promptLength))).toBe(prompt);
    expect(textOf(tokens.slice(promptLength))).toBe(written);
    expect(steps.map(({ place }) => place)).toEqual(steps.map((_, index) => promptLength + index));
  });

  it('has likely candidates, the likeliest first, the written one among them', () => {
    for (const { place, candidates } of explained.steps) {
      const shares = candidates.map(({ probability }) => probability);
      expect(shares.slice(0, 8)).toEqual(shares.slice(0, 8).toSorted((a, b) => b - a));
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-6);
      expect(candidates.filter(({ isChosen }) => isChosen).map(({ text }) => text)).toEqual([
        explained.tokens[place]!.text,
      ]);
    }
    // After `i++` nothing else is likely.
    expect(explained.steps.at(-1)!.candidates[0]!.probability).toBeGreaterThan(0.5);
  });

  it('has a weight for each earlier token, with the sum 1, for every layer and head', () => {
    for (const { place, attention } of explained.steps) {
      expect(attention.map(heads => heads.length)).toEqual([4, 4, 4, 4, 4, 4]);
      for (const row of attention.flat()) {
        expect(row).toHaveLength(place);
        expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
      }
    }
  });

  it('is drawn with a row for each head, and the weights as opacity', () => {
    const picture = attentionPicture(explained, 0);
    expect(picture.match(/text-anchor="end">\d\.\d</g)).toHaveLength(24);
    const [first] = explained.steps;
    const cells = first!.attention.flat().flatMap(row => [...row].filter(weight => weight >= 0.005));
    expect(picture.match(/<rect /g)).toHaveLength(cells.length);
    expect(picture).toContain(`wrote “${visible(explained.tokens[first!.place]!.text)}”`);
    expect(picture).not.toMatch(/https?:(?!\/\/www\.w3\.org)/);
  });

  it('becomes a page that refers to nothing outside it', () => {
    const page = attentionPage(explained, { model: 'm', place: 'a.ts:1:1', shown: 'x', typed: '' });
    expect(page.match(/\b(src|href)=|url\(|@import/g)).toBeNull();
  });
});
