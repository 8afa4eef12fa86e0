/**
 * Finds the architecture of a checkpoint by the `model_type` in its configuration.
 *
 * Each file in `architectures/` is one architecture. Its header shows the whole decoder as a figure, and its `write`
 * function builds that figure from the blocks of `blocks.ts`. Read the header of `blocks.ts` first: it explains the
 * symbols. Then read the architectures in this order. It is the order in which they grew, but for GPT-1, whose blocks
 * are in `gpt2.ts`.
 *
 *     gpt2 -> gpt1, gpt-neo                     learned positions, layer norm, GELU
 *     gpt-neox, gpt-j -> phi                    rotary positions, attention and feed-forward block side by side
 *     llama -> mistral, qwen2 -> qwen3          RMS norm, gated feed-forward block, grouped queries
 *              phi3, granite -> granite-moe-hybrid, starcoder2
 *     llama -> gemma -> gemma2 -> gemma3        norms after the blocks too, layers that alternate
 */
import type { JsonFile } from '../checkpoint/json-file';
import { readGemmaConfig, writeGemma } from './architectures/gemma';
import { readGemma2Config, writeGemma2 } from './architectures/gemma2';
import { readGemma3Config, writeGemma3 } from './architectures/gemma3';
import { readGptJConfig, writeGptJ } from './architectures/gpt-j';
import { readGptNeoConfig, writeGptNeo } from './architectures/gpt-neo';
import { readGptNeoXConfig, writeGptNeoX } from './architectures/gpt-neox';
import { readGpt1Config, writeGpt1 } from './architectures/gpt1';
import { readGpt2Config, writeGpt2 } from './architectures/gpt2';
import { readGraniteConfig, writeGranite } from './architectures/granite';
import { readGraniteMoeHybridConfig, writeGraniteMoeHybrid } from './architectures/granite-moe-hybrid';
import { readLlamaConfig, writeLlama } from './architectures/llama';
import { readMistralConfig, writeMistral } from './architectures/mistral';
import { readPhiConfig, writePhi } from './architectures/phi';
import { readPhi3Config, writePhi3 } from './architectures/phi3';
import { readQwen2Config, writeQwen2 } from './architectures/qwen2';
import { readQwen3Config, writeQwen3 } from './architectures/qwen3';
import { readStarcoder2Config, writeStarcoder2 } from './architectures/starcoder2';
import type { DecoderGraph, DecoderShape } from './decoder-graph';

export interface Architecture {
  readonly shape: DecoderShape;
  readonly write: (graph: DecoderGraph) => void;
}

/** @throws ModelFileError for an unknown architecture, or a configuration that the architecture does not understand */
export function readArchitecture(json: JsonFile): Architecture {
  const quantised = 'quantization_config';
  if (json.has(quantised))
    throw json.wrong(quantised, json.unknown(quantised), 'none: weights in F32, F16 or BF16, or a GGUF file');
  return architectures[json.string('model_type', { oneOf: modelTypes })](json);
}

const architectures = {
  gemma: architecture(readGemmaConfig, writeGemma),
  gemma2: architecture(readGemma2Config, writeGemma2),
  gemma3_text: architecture(readGemma3Config, writeGemma3),
  gpt_neo: architecture(readGptNeoConfig, writeGptNeo),
  gpt_neox: architecture(readGptNeoXConfig, writeGptNeoX),
  gpt2: architecture(readGpt2Config, writeGpt2),
  gptj: architecture(readGptJConfig, writeGptJ),
  granite: architecture(readGraniteConfig, writeGranite),
  granitemoehybrid: architecture(readGraniteMoeHybridConfig, writeGraniteMoeHybrid),
  llama: architecture(readLlamaConfig, writeLlama),
  mistral: architecture(readMistralConfig, writeMistral),
  'openai-gpt': architecture(readGpt1Config, writeGpt1),
  phi: architecture(readPhiConfig, writePhi),
  phi3: architecture(readPhi3Config, writePhi3),
  qwen2: architecture(readQwen2Config, writeQwen2),
  qwen3: architecture(readQwen3Config, writeQwen3),
  starcoder2: architecture(readStarcoder2Config, writeStarcoder2),
};

/** The known values of `model_type`. */
export const modelTypes = Object.keys(architectures) as (keyof typeof architectures)[];

function architecture<Config extends DecoderShape>(
  read: (json: JsonFile) => Config,
  write: (graph: DecoderGraph, config: Config) => void,
): (json: JsonFile) => Architecture {
  return json => {
    const config = read(json);
    return { shape: config, write: graph => write(graph, config) };
  };
}
