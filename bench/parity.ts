/**
 * `npm run -s parity`: every architecture against transformers, on the tiny checkpoints of `train/golden.py`.
 * `npm run -s parity -- --model PATH`: what rounding costs a real model, on the pinned corpus.
 *
 * The float graph must give the reference's logits. The int8 and int4 graphs differ by rounding: the table has the
 * relative RMS of the logits and the ratio of perplexities. Weights of the tiny checkpoints are random, which is the
 * hardest kind to round.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isFile } from '../src/checkpoint/byte-file';
import { ModelFileError } from '../src/checkpoint/model-file-error';
import type { WeightBits } from '../src/checkpoint/model-source';
import { UsageError } from '../src/cli/command-line';
import { loadTokenizer } from '../src/tokenizer/load-tokenizer';
import {
  checkpointNames,
  largestDifference,
  logitsInRuns,
  readGolden,
  referenceLogits,
} from '../test/model/golden-checkpoint';
import { relativeError } from '../test/model/relative-error';
import { documentsOf, ownSources } from './corpus/own-sources';
import { logProbsOf, perplexityOf } from './parity/perplexity';
import { perplexityRatio, sampleTexts } from './parity/perplexity-ratio';
import { withDecoder } from './parity/with-decoder';

/** Largest relative difference of a logit that we accept from the float graph. */
const allowed = 1e-4;
const sampledTexts = 4;
/** Longer than several sliding windows of the tiny checkpoints, and than a run. A shorter context has fewer. */
const sampledTokens = 96;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { model: { type: 'string' }, tokens: { type: 'string', default: '10000' } },
  });
  const tokens = Number(values.tokens);
  if (!Number.isInteger(tokens) || tokens < 2)
    throw new UsageError(`--tokens ${values.tokens}: expected a number of at least 2`);
  if (values.model === undefined) return compareFixtures();
  if (!existsSync(values.model)) throw new UsageError(`${values.model}: no such file or folder`);
  await compareRounding(values.model, tokens);
}

async function compareFixtures(): Promise<void> {
  const fixtures = join(process.cwd(), 'test/fixtures');
  console.log(
    '| checkpoint | float32, one run | token by token | int8, relative RMS | int4, relative RMS | int8, perplexity | int4, perplexity |',
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
  let worst = 0;
  for (const name of checkpointNames(fixtures)) {
    const { float, rounded } = await compareFixture(join(fixtures, name));
    worst = Math.max(worst, ...float);
    const cells = [
      name.replace('tiny-', ''),
      ...float.map(share => share.toExponential(1)),
      ...rounded.map(({ error }) => error.toFixed(3)),
      ...rounded.map(({ ratio }) => `x ${ratio.toFixed(3)}`),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  console.log(
    `\nLargest float32 difference: ${worst.toExponential(1)}, allowed: ${allowed.toExponential(0)}.`,
  );
  console.log(
    'Perplexity: as a multiple of the float32 graph\u2019s, on texts that the float32 graph wrote.',
  );
  if (!(worst < allowed)) process.exitCode = 1;
}

async function compareFixture(checkpoint: string) {
  const golden = readGolden(checkpoint);
  const reference = referenceLogits(golden);
  const whole = [golden.ids.length];
  const { float, texts } = await withDecoder(checkpoint, 32, async decoder => {
    const oneRun = await logitsInRuns(decoder, golden, whole);
    const tokenByToken = await logitsInRuns(
      decoder,
      golden,
      golden.ids.map(() => 1),
    );
    return {
      float: [oneRun, tokenByToken].map(logits => largestDifference(logits, reference)),
      texts: await sampleTexts(decoder, sampledTexts, Math.min(sampledTokens, decoder.sizes.contextLength)),
    };
  });
  const round = (bits: 4 | 8) =>
    withDecoder(checkpoint, bits, async decoder => ({
      error: relativeError(await logitsInRuns(decoder, golden, whole), reference),
      ratio: await perplexityRatio(decoder, texts),
    }));
  return { float, rounded: [await round(8), await round(4)] };
}

/** A table of perplexities by the type of the weights, a GGUF's own blocks among them. */
async function compareRounding(model: string, tokens: number): Promise<void> {
  const tokenizer = await loadTokenizer(model);
  const documents = documentsOf(ownSources(process.cwd()), tokenizer, tokens);
  const kinds: readonly (readonly [string, WeightBits])[] = [
    ['float32', 32],
    ['int8', 8],
    ['int4', 4],
    ...(isFile(model) ? [["the file's own blocks", 'stored'] as const] : []),
  ];
  const perplexities: number[] = [];
  let count = 0;
  for (const [, bits] of kinds) {
    const logProbs = await withDecoder(model, bits, decoder => logProbsOf(decoder, documents));
    count = logProbs.length;
    perplexities.push(perplexityOf(logProbs));
  }
  console.log(`Perplexity of ${count} tokens in ${documents.length} files:\n`);
  console.log('| weights | perplexity | to float32 |\n| --- | ---: | ---: |');
  for (const [i, [name]] of kinds.entries()) {
    const perplexity = perplexities[i]!;
    console.log(`| ${name} | ${perplexity.toFixed(3)} | ${percent(perplexity / perplexities[0]! - 1)} |`);
  }
}

const percent = (share: number) => `${share >= 0 ? '+' : ''}${(share * 100).toFixed(2)} %`;

main().catch((error: unknown) => {
  const isTheirs = error instanceof UsageError || error instanceof ModelFileError;
  console.error(isTheirs ? error.message : (error as Error).stack);
  process.exitCode = isTheirs ? 2 : 1;
});
