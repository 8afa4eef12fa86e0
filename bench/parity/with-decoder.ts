/** Builds and opens a checkpoint in this process, for a benchmark that reads logits. Nothing stays on disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WeightBits } from '../../src/checkpoint/model-source';
import type { Decoder } from '../../src/generation/decoder';
import { buildModel, graphFile } from '../../src/model/build-model';
import { openOnnxDecoder } from '../../src/onnx/onnx-decoder';
import { checkpointAt } from '../../test/checkpoint/checkpoint-at';

export async function withDecoder<Result>(
  checkpoint: string,
  bits: WeightBits,
  use: (decoder: Decoder) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
  try {
    const shape = buildModel(checkpointAt(checkpoint), folder, { bits });
    return await use(await openOnnxDecoder(join(folder, graphFile), shape, { threads: 1 }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
