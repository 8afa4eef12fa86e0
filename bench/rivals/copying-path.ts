/**
 * A rival to our own graph: the same LLaMA with the KV cache of most exports, as transformers.js runs them. The past goes
 * in, and past and new rows come out as one tensor. All else is equal, so the difference is the cost of copying.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { resolveModelSource, type WeightBits } from '../../src/checkpoint/model-source';
import { openWeights, readConfig } from '../../src/checkpoint/open-checkpoint';
import type { Decoder } from '../../src/generation/decoder';
import { commonPrefixLength, type TokenCache } from '../../src/generation/kv-cache';
import { type LayerBlock, readLlamaConfig, writeLlama } from '../../src/model/architectures/llama';
import { causalSelfAttention, linear, projectHeads, rotateHeads } from '../../src/model/blocks';
import { graphFile } from '../../src/model/build-model';
import { DecoderGraph, type DecoderShape } from '../../src/model/decoder-graph';
import { GraphBuilder, type Value } from '../../src/model/onnx-file/graph-builder';
import { WeightsFile } from '../../src/model/onnx-file/weights-file';
import { attentionMask } from '../../src/onnx/attention-mask';
import { int64Tensor, openInferenceSession } from '../../src/onnx/onnx-runtime';
import { checkpointAt } from '../../test/checkpoint/checkpoint-at';

const weightsFile = `${graphFile}.data`;

export function buildCopyingGraph(checkpoint: string, outFolder: string, bits: WeightBits): void {
  const source = openWeights(checkpointAt(checkpoint));
  const weights = new WeightsFile(join(outFolder, weightsFile), weightsFile);
  try {
    const config = readLlamaConfig(readConfig(resolveModelSource(checkpoint)));
    const builder = new GraphBuilder(weights);
    writeLlama(new DecoderGraph(builder, config, source, { bits, cache: 'float' }), config, { attention });
    writeFileSync(join(outFolder, graphFile), builder.finish({}));
  } finally {
    weights.close();
    source.close();
  }
}

/** LLaMA's attention. The keys and values of all tokens are outputs too. */
const attention: LayerBlock = (g, x, layer, angles) => {
  const { width, heads, kvHeads, headDim } = g.shape;
  const b = g.builder;
  const name = `model.layers.${layer}.self_attn`;
  const turned = rotateHeads(g, projectHeads(g, x, name), angles);
  const present = (kind: string, past: Value, fresh: Value) => {
    const rows = b.op('Concat', [past, b.op('Reshape', [fresh, b.ints([-1, kvHeads, headDim])])], {
      axis: 0,
    });
    b.output(`present_${kind}.${layer}`, rows, ['past + new', kvHeads, headDim]);
  };
  const past = g.past(layer);
  present('key', past.keys, turned.key);
  present('value', past.values, turned.value);
  return linear(g, causalSelfAttention(g, layer, turned), `${name}.o_proj`, width, heads * headDim);
};

/** The tensors that came out of the last run, and go into the next one. */
export class CopiedCache implements TokenCache {
  readonly capacity: number;
  private ids: number[] = [];
  past: Readonly<Record<string, Tensor>>;

  constructor(private readonly shape: DecoderShape) {
    this.capacity = shape.contextLength;
    this.past = this.tensors(() => new Float32Array(shape.kvHeads * shape.headDim), 1);
  }

  get length(): number {
    return this.ids.length;
  }

  commonPrefix(ids: readonly number[]): number {
    return commonPrefixLength(this.ids, ids);
  }

  rewind(length: number): void {
    if (length >= this.length) return;
    this.ids.length = length;
    const rows = length + 1;
    const end = rows * this.shape.kvHeads * this.shape.headDim;
    this.past = this.tensors(name => (this.past[name]!.data as Float32Array).subarray(0, end), rows);
  }

  replace(ids: readonly number[], outputs: InferenceSession.OnnxValueMapType): void {
    this.ids.push(...ids);
    this.past = this.tensors(
      name => outputs[name.replace('past', 'present')]!.data as Float32Array,
      this.length + 1,
    );
  }

  private tensors(data: (name: string) => Float32Array, rows: number): Record<string, Tensor> {
    const { layers, kvHeads, headDim } = this.shape;
    const names = Array.from({ length: layers }, (_, layer) => [`past_key.${layer}`, `past_value.${layer}`]);
    return Object.fromEntries(
      names.flat().map(name => [name, new Tensor('float32', data(name), [rows, kvHeads, headDim])]),
    );
  }
}

export async function openCopyingDecoder(
  path: string,
  shape: DecoderShape,
  { threads }: { readonly threads: number },
): Promise<Decoder<CopiedCache>> {
  const session = await openInferenceSession(path, threads);
  const presents = session.outputNames.filter(name => name.startsWith('present'));
  const group = shape.heads / shape.kvHeads;
  return {
    sizes: shape,
    createCache: (capacity = shape.contextLength) => new CopiedCache({ ...shape, contextLength: capacity }),
    async run(ids, cache, wanted) {
      const [past, fresh] = [cache.length + 1, ids.length];
      const maskOf = (looking: readonly number[]) => {
        const mask = attentionMask({ past, fresh, group, window: Number.POSITIVE_INFINITY, looking });
        return new Tensor('float32', mask, [looking.length * group, past + fresh]);
      };
      const feeds = {
        ...cache.past,
        ids: int64Tensor(ids, [1, fresh]),
        wanted: int64Tensor(wanted, [wanted.length]),
        mask: maskOf([...ids.keys()]),
        wanted_mask: maskOf(wanted),
      };
      const outputs = await session.run(feeds, ['logits', ...presents]);
      cache.replace(ids, outputs);
      return outputs['logits']!.data as Float32Array;
    },
  };
}
