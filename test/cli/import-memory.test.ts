/**
 * An import needs its largest tensor twice and what comes out of it, however large the checkpoint: measured as the peak
 * that `model import` reports, against that of a tiny checkpoint.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { bundleForNode } from '../../scripts/bundle.mjs';
import { float32, type GgufTestTensor, ggufBytes, text, uint32 } from '../checkpoint/write-gguf';
import { safetensorsBytes } from '../checkpoint/write-safetensors';
import { temporaryFolder } from '../temporary-folder';

let command: string;
beforeAll(async () => {
  command = await bundleForNode('src/cli/model-command.ts');
}, 60_000);

const sizes = { layers: 17, width: 512, heads: 8, feedForward: 2048, vocabulary: 8192 };

/** Hugging Face's name, GGUF's, and the shape of each tensor: 302 MB in float32, 17 MB at most each. */
function tensors(): (readonly [name: string, ggufName: string, shape: readonly number[]])[] {
  const { layers, width, feedForward, vocabulary } = sizes;
  const square = [width, width];
  return [
    ['model.embed_tokens', 'token_embd', [vocabulary, width]],
    ['model.norm', 'output_norm', [width]],
    ...Array.from({ length: layers }, (_, layer) =>
      (
        [
          ['input_layernorm', 'attn_norm', [width]],
          ['self_attn.q_proj', 'attn_q', square],
          ['self_attn.k_proj', 'attn_k', square],
          ['self_attn.v_proj', 'attn_v', square],
          ['self_attn.o_proj', 'attn_output', square],
          ['post_attention_layernorm', 'ffn_norm', [width]],
          ['mlp.gate_proj', 'ffn_gate', [feedForward, width]],
          ['mlp.up_proj', 'ffn_up', [feedForward, width]],
          ['mlp.down_proj', 'ffn_down', [width, feedForward]],
        ] as const
      ).map(
        ([name, ggufName, shape]) =>
          [`model.layers.${layer}.${name}`, `blk.${layer}.${ggufName}`, shape] as const,
      ),
    ).flat(),
  ];
}

/** Where each tensor lies, one behind the other. */
function placed() {
  let end = 0;
  const places = tensors().map(([name, ggufName, shape]) => {
    const start = end;
    end += 4 * shape.reduce((product, size) => product * size, 1);
    return { name, ggufName, shape, start, end };
  });
  return { places, end };
}

/** The weights are a hole in the file: read as zeros, and no disk is filled. */
function writeWithHole(path: string, header: Uint8Array, dataBytes: number): void {
  writeFileSync(path, header);
  truncateSync(path, header.length + dataBytes);
}

function bigFolder(): string {
  const folder = temporaryFolder();
  const { places, end } = placed();
  const header = Object.fromEntries(
    places.map(({ name, shape, start, end }) => [
      `${name}.weight`,
      { dtype: 'F32', shape, data_offsets: [start, end] },
    ]),
  );
  writeWithHole(join(folder, 'model.safetensors'), safetensorsBytes(header), end);
  const config = {
    model_type: 'llama',
    num_hidden_layers: sizes.layers,
    hidden_size: sizes.width,
    num_attention_heads: sizes.heads,
    intermediate_size: sizes.feedForward,
    vocab_size: sizes.vocabulary,
    max_position_embeddings: 256,
    tie_word_embeddings: true,
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  return folder;
}

function bigGguf(): string {
  const path = join(temporaryFolder(), 'model.gguf');
  const { places, end } = placed();
  const infos = places.map(({ ggufName, shape, start }): [string, GgufTestTensor] => [
    `${ggufName}.weight`,
    { dims: [...shape].reverse(), type: 0, data: new Uint8Array(), offset: start },
  ]);
  const metadata = {
    'general.architecture': text('llama'),
    'llama.block_count': uint32(sizes.layers),
    'llama.embedding_length': uint32(sizes.width),
    'llama.attention.head_count': uint32(sizes.heads),
    'llama.feed_forward_length': uint32(sizes.feedForward),
    'llama.context_length': uint32(256),
    'llama.attention.layer_norm_rms_epsilon': float32(1e-5),
  };
  writeWithHole(path, ggufBytes({ metadata, tensors: Object.fromEntries(infos) }), end);
  return path;
}

/** Megabytes at the peak of an import, including the process itself. */
function peakOf(checkpoint: string): number {
  const args = [command, 'import', checkpoint, '--bits', '8', '--out', join(temporaryFolder(), 'built')];
  const output = execFileSync(process.execPath, args, { encoding: 'utf8' });
  return Number(/at most ([\d.]+) MB of memory/.exec(output)![1]);
}

/** Megabytes of buffers that V8 may leave uncollected: it collects them whenever 64 MB have come together. */
const garbage = 64;

it.each([
  ['safetensors', bigFolder],
  ['GGUF', bigGguf],
])('importing 302 MB of %s takes the memory of its largest tensor twice and of its blocks', (_, write) => {
  const tiny = temporaryFolder();
  for (const name of ['config.json', 'model.safetensors'])
    copyFileSync(join('test/fixtures/tiny-llama', name), join(tiny, name));
  const largest = (4 * sizes.vocabulary * sizes.width) / 1e6;
  const rounded = (largest / 4) * (1 + 4 / 32);
  const taken = peakOf(write()) - peakOf(tiny);
  expect(taken).toBeLessThan(2 * largest + rounded + garbage);
});
