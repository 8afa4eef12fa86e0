/**
 * `npm run -s parity`: every architecture against transformers, on the tiny checkpoints of `train/golden.py`.
 *
 * The float graph is held to the reference's logits, the int8 and int4 graphs too: what they differ by is the
 * rounding of weights that are noise, which is the hardest kind to round.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildModel, graphFile } from '../src/model/build-model';
import type { WeightBits } from '../src/model/matrix-products';
import { openOnnxDecoder } from '../src/runtime/onnx-decoder';
import {
  checkpointNames,
  type Golden,
  largestDifference,
  logitsInPieces,
  readGolden,
  referenceLogits,
} from '../test/model/golden-checkpoint';
import { relativeError } from '../test/model/relative-error';

/** The largest relative difference of a logit that the float graph may show (issue 4). */
const allowed = 1e-4;

async function main(): Promise<void> {
  const fixtures = join(process.cwd(), 'test/fixtures');
  console.log('| checkpoint | float32, one run | token by token | int8, relative RMS | int4, relative RMS |');
  console.log('| --- | ---: | ---: | ---: | ---: |');
  let worst = 0;
  for (const name of checkpointNames(fixtures)) {
    const checkpoint = join(fixtures, name);
    const golden = readGolden(checkpoint);
    const reference = referenceLogits(golden);
    const whole = [golden.ids.length];
    const single = golden.ids.map(() => 1);
    const [oneRun, tokenByToken] = await logitsOf(checkpoint, 32, golden, [whole, single]);
    const [int8] = await logitsOf(checkpoint, 8, golden, [whole]);
    const [int4] = await logitsOf(checkpoint, 4, golden, [whole]);
    const float = [oneRun!, tokenByToken!].map(logits => largestDifference(logits, reference));
    const rounded = [int8!, int4!].map(logits => relativeError(logits, reference));
    worst = Math.max(worst, ...float);
    const cells = [...float.map(share => share.toExponential(1)), ...rounded.map(share => share.toFixed(3))];
    console.log(`| ${[name.replace('tiny-', ''), ...cells].join(' | ')} |`);
  }
  console.log(
    `\nLargest float32 difference: ${worst.toExponential(1)}, allowed: ${allowed.toExponential(0)}.`,
  );
  if (!(worst < allowed)) process.exitCode = 1;
}

/** The logits that the reference has, once for each way of cutting the prompt into pieces. */
async function logitsOf(
  checkpoint: string,
  bits: WeightBits,
  golden: Golden,
  ways: readonly (readonly number[])[],
): Promise<number[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-parity-'));
  try {
    const shape = buildModel(checkpoint, folder, { bits });
    const decoder = await openOnnxDecoder(join(folder, graphFile), shape, { threads: 1 });
    const logits: number[][] = [];
    for (const lengths of ways) logits.push(await logitsInPieces(decoder, golden, lengths));
    return logits;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
