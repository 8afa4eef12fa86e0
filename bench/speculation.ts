/**
 * What speculation is worth: the bundled model continues our own sources, with drafts and without, in turn on the same
 * prompts. The text is the same (the bench checks it); only the time differs.
 */
import { join } from 'node:path';
import { findLayout } from '../src/prompt/find-layout';
import { loadTokenizer } from '../src/tokenizer/load-tokenizer';
import { createRandom } from '../test/random';
import { median, type Row } from './measure';
import { ownSources } from './own-sources';
import { openSotto } from './rivals/sotto';

const contextSize = 384;
const prefixCharacters = 550;
const suffixCharacters = 200;
const newTokens = 64;

export async function measureSpeculation(
  root: string,
  { prompts }: { readonly prompts: number },
): Promise<{ readonly rows: readonly Row[]; readonly ratios: Readonly<Record<string, number>> }> {
  const checkpoint = join(root, 'models/sotto-starter');
  const tokenizer = await loadTokenizer(checkpoint);
  const { layout } = findLayout(tokenizer);
  const random = createRandom(5);
  const sources = ownSources(root).filter(({ text }) => text.length > 2000);
  const options = { checkpoint, bits: 8, threads: 1, contextSize } as const;
  const sotto = await openSotto(options);
  try {
    const without: number[] = [];
    const withDrafts: number[] = [];
    const speedups: number[] = [];
    let different = 0;
    for (let i = 0; i < prompts; i++) {
      const { path, text } = random.pick(sources);
      const at = 200 + random.below(text.length - 400);
      const prefix = text.slice(Math.max(0, at - prefixCharacters), at);
      const prompt = layout.encode({ path, prefix, suffix: text.slice(at, at + suffixCharacters) });
      if (prompt.length + newTokens >= contextSize) continue;
      const runs = [false, true].map(speculate => () => sotto.generate(prompt, 0, newTokens, speculate));
      const [plain, drafted] = [await runs[0]!(), await runs[1]!()];
      if (plain.ids.join() !== drafted.ids.join()) different++;
      without.push(newTokens / (plain.decodeMs / 1000));
      withDrafts.push(newTokens / (drafted.decodeMs / 1000));
      speedups.push(plain.decodeMs / drafted.decodeMs);
    }
    const rows = [
      { what: 'without drafts', unit: 'tokens/s', values: without },
      { what: 'with drafts', unit: 'tokens/s', values: withDrafts },
      { what: 'with / without, prompt by prompt', unit: '', values: speedups },
    ];
    if (different > 0) console.log(`${different} of ${prompts} texts differ with drafts`);
    return {
      rows,
      ratios: { 'speculation: with drafts / without': median(withDrafts) / median(without) },
    };
  } finally {
    sotto.close();
  }
}
