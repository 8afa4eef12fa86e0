/** The importer takes the random checkpoints of `bench:sizes` for real ones. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gpt2Shape, llamaShape, writeRandomCheckpoint } from '../../../bench/sizes/random-checkpoint';
import { openWeights } from '../../../src/checkpoint/open-checkpoint';
import { buildModel } from '../../../src/model/build-model';
import { inspectCheckpoint } from '../../../src/model/inspect-checkpoint';
import { checkpointAt } from '../../checkpoint/checkpoint-at';
import { temporaryFolder } from '../../temporary-folder';

it.each([
  ['gpt2', gpt2Shape(2, 64, 4), 'h.1.mlp.c_fc.weight', [64, 256]],
  ['llama', llamaShape(2, 64, 4, 96), 'model.layers.1.mlp.up_proj.weight', [96, 64]],
] as const)('%s is imported whole', (architecture, shape, matrix, size) => {
  const folder = temporaryFolder();
  const out = join(folder, 'graph');
  mkdirSync(out);
  writeRandomCheckpoint(folder, shape);
  expect(buildModel(checkpointAt(folder), out, { bits: 4 })).toMatchObject({
    layers: 2,
    width: 64,
    heads: 4,
  });
  expect(inspectCheckpoint(checkpointAt(folder)).architecture).toBe(architecture);

  const weights = openWeights(checkpointAt(folder));
  const values = weights.read(matrix, size).map(Math.abs);
  weights.close();
  expect(Math.min(...values)).toBeGreaterThanOrEqual(2 ** -8);
  expect(Math.max(...values)).toBeLessThan(2 ** -4);
});

it('has as many parameters as the published models', () => {
  const millions = ({ tensors }: ReturnType<typeof gpt2Shape>) =>
    Math.round(tensors.reduce((sum, [, size]) => sum + size.reduce((a, b) => a * b, 1), 0) / 1e6);
  expect(millions(gpt2Shape(12, 768, 12))).toBe(124);
  expect(millions(gpt2Shape(48, 1600, 25))).toBe(1558);
  expect(millions(llamaShape(32, 4096, 32, 11_008))).toBe(6738);
});
