/**
 * What speculation is worth: a model continues files of the pinned corpus, with drafts and without, in turn on
 * the same prompts. And what it costs when it is useless: drafts that are always there and never right.
 *
 * Processor time of one thread is compared, because other work on the machine disturbs it least. The text may differ
 * where two tokens are almost equally likely, because sums are rounded in another order. The bench says how often.
 */
import { findLayout } from '../../src/prompt/find-layout';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { createRandom } from '../../test/random';
import { ownSources } from '../corpus/own-sources';
import { median, type Row } from '../measure/tables';
import { type Drafts, openSotto, type SottoOptions } from '../rivals/sotto';

const contextSize = 384;
const prefixCharacters = 550;
const suffixCharacters = 200;
const newTokens = 64;
const kinds = ['none', 'looked up', 'wrong', 'all checked'] as const;

type MeasuredModel = Pick<SottoOptions, 'checkpoint' | 'bits'>;

export async function measureSpeculation(
  root: string,
  { prompts, model: { checkpoint, bits } }: { readonly prompts: number; readonly model: MeasuredModel },
): Promise<{ readonly rows: readonly Row[]; readonly ratios: Readonly<Record<string, number>> }> {
  const tokenizer = await loadTokenizer(checkpoint);
  const { layout } = findLayout(tokenizer);
  const random = createRandom(5);
  const sources = ownSources(root).filter(({ text }) => text.length > 2000);
  const options = { checkpoint, bits, threads: 1, contextSize } as const;
  const sotto = await openSotto(options);
  try {
    const speeds: Record<Drafts, number[]> = { none: [], 'looked up': [], wrong: [], 'all checked': [] };
    let different = 0;
    for (let i = 0; i < prompts; i++) {
      const { path, text } = random.pick(sources);
      const at = 200 + random.below(text.length - 400);
      const prefix = text.slice(Math.max(0, at - prefixCharacters), at);
      const prompt = layout.encode({ path, prefix, suffix: text.slice(at, at + suffixCharacters) });
      if (prompt.length + newTokens >= contextSize) continue;
      const texts: string[] = [];
      for (const drafts of [...kinds.slice(i % 4), ...kinds.slice(0, i % 4)]) {
        const { ids, decodeCpuMs } = await sotto.generate(prompt, 0, newTokens, drafts);
        speeds[drafts].push(newTokens / (decodeCpuMs / 1000));
        texts.push(ids.join());
      }
      if (new Set(texts).size > 1) different++;
    }
    const speedups = (drafts: Drafts) => speeds[drafts].map((speed, i) => speed / speeds.none[i]!);
    const wrong = speedups('wrong');
    const rows = [
      { what: 'without drafts', unit: 'tokens/s', values: speeds.none },
      { what: 'with drafts', unit: 'tokens/s', values: speeds['looked up'] },
      { what: 'with drafts that are never right', unit: 'tokens/s', values: speeds.wrong },
      { what: 'with those, all checked', unit: 'tokens/s', values: speeds['all checked'] },
      { what: 'with / without, prompt by prompt', unit: '', values: speedups('looked up') },
      { what: 'never right / without, prompt by prompt', unit: '', values: wrong },
    ];
    if (different > 0) console.log(`${different} of ${prompts} texts differ with drafts`);
    return {
      rows,
      ratios: {
        'speculation: with drafts / without': median(speeds['looked up']) / median(speeds.none),
        'speculation: drafts never right / without': median(wrong),
        'speculation: a run over four tokens / over one': 1 / median(speedups('all checked')),
      },
    };
  } finally {
    sotto.close();
  }
}
