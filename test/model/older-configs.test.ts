/** The config.json of transformers 4 gives the same graph as the one of transformers 5. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildModel, graphFile } from '../../src/model/build-model';
import { checkpointAt } from '../checkpoint/checkpoint-at';
import { temporaryFolder } from '../temporary-folder';

const absent = undefined;

it.each<[string, Record<string, unknown>]>([
  ['tiny-llama', { rope_parameters: absent, rope_theta: 10_000 }],
  [
    'tiny-llama-llama3',
    {
      rope_parameters: absent,
      rope_theta: 100,
      rope_scaling: {
        rope_type: 'llama3',
        factor: 4,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 32,
      },
    },
  ],
  [
    'tiny-llama-yarn',
    {
      rope_parameters: absent,
      rope_theta: 100,
      rope_scaling: { type: 'yarn', factor: 4, original_max_position_embeddings: 32 },
    },
  ],
  ['tiny-qwen2', { rope_parameters: absent, rope_theta: 10_000, layer_types: absent }],
  ['tiny-gemma2', { rope_parameters: absent, rope_theta: 10_000, layer_types: absent }],
  [
    'tiny-gemma3',
    {
      rope_parameters: absent,
      rope_theta: 1000,
      rope_local_base_freq: 100,
      rope_scaling: { rope_type: 'linear', factor: 4 },
      layer_types: absent,
      sliding_window_pattern: 2,
    },
  ],
  ['tiny-gpt-neox', { rope_parameters: absent, rotary_pct: 0.5, rotary_emb_base: 100 }],
  ['tiny-phi', { rope_parameters: absent, rope_theta: 100, partial_rotary_factor: 0.5 }],
  [
    'tiny-phi3-longrope',
    {
      rope_parameters: absent,
      rope_theta: 100,
      partial_rotary_factor: 0.75,
      rope_scaling: { type: 'longrope', short_factor: [1, 1.5, 2.5], long_factor: [1, 3, 9] },
    },
  ],
])('builds the same graph of %s with %j', (name, fields) => {
  const checkpoint = join(__dirname, '../fixtures', name);
  const older = temporaryFolder();
  copyFileSync(join(checkpoint, 'model.safetensors'), join(older, 'model.safetensors'));
  const config = JSON.parse(readFileSync(join(checkpoint, 'config.json'), 'utf8'));
  writeFileSync(join(older, 'config.json'), JSON.stringify({ ...config, ...fields }));

  const [expected, found] = [checkpoint, older].map(folder => {
    const out = temporaryFolder();
    buildModel(checkpointAt(folder), out, { bits: 32 });
    return [graphFile, `${graphFile}.data`].map(file => readFileSync(join(out, file)));
  });
  for (const [i, bytes] of expected!.entries()) expect(found![i]!.equals(bytes)).toBe(true);
});
