/** Which file here writes the decoder that a configuration describes: its `model_type` says. */
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

/** @throws ModelFileError for an architecture that is not here, or a configuration that it does not understand */
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
  llama: architecture(readLlamaConfig, writeLlama),
  mistral: architecture(readMistralConfig, writeMistral),
  'openai-gpt': architecture(readGpt1Config, writeGpt1),
  phi: architecture(readPhiConfig, writePhi),
  phi3: architecture(readPhi3Config, writePhi3),
  qwen2: architecture(readQwen2Config, writeQwen2),
  qwen3: architecture(readQwen3Config, writeQwen3),
  starcoder2: architecture(readStarcoder2Config, writeStarcoder2),
};

/** The values of `model_type` that are understood. */
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
