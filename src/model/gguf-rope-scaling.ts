/** Rotary scaling as GGUF states it, in the words of a config.json; the graph's reader takes or refuses it. */
import type { GgufFile, GgufTensor } from '../files/gguf-file';
import type { JsonFile } from '../files/json-file';
import { ModelFileError } from '../files/model-file-error';
import { dequantiser } from './read-ggml';

/** @param name the architecture's @returns no fields where positions are not scaled */
export function ropeScaling(name: string, file: GgufFile): Record<string, unknown> {
  const { metadata, tensors, path } = file;
  const factors = tensors.get('rope_freqs.weight');
  if (factors !== undefined) return { rope_scaling: llama3Scaling(name, file, factors) };
  for (const tensor of ['rope_factors_long.weight', 'rope_factors_short.weight'])
    if (tensors.has(tensor))
      throw new ModelFileError(path, `tensor '${tensor}'`, 'LongRoPE is not supported');
  const prefix = `${name}.rope.scaling`;
  const type = metadata.string(`${prefix}.type`, {
    oneOf: ['none', 'linear', 'yarn', 'longrope'],
    fallback: 'none',
  });
  if (type === 'none') return {};
  return {
    rope_scaling: {
      rope_type: type,
      factor: metadata.unknown(`${prefix}.factor`),
      original_max_position_embeddings: metadata.unknown(`${prefix}.original_context_length`),
    },
  };
}

/** What every LLaMA 3.1, 3.2 and 3.3 has; its converter wrote the divisors that follow from them instead. */
const llama3 = { low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 };

/** @throws ModelFileError if the divisors are not those of LLaMA 3's rule */
function llama3Scaling(name: string, file: GgufFile, tensor: GgufTensor): Record<string, unknown> {
  const { metadata, path } = file;
  const refuse = (problem: string) => new ModelFileError(path, "tensor 'rope_freqs.weight'", problem);
  if (tensor.type.name !== 'F32' || tensor.shape.length !== 1 || tensor.shape[0]! > 512)
    throw refuse(`found ${tensor.type.name} of shape [${tensor.shape}], expected F32 of half a head`);
  const factors = new Float32Array(tensor.shape[0]!);
  dequantiser(tensor.type)!(file.bytes.read(tensor.start, tensor.end), factors, 0);
  const factor = factors.reduce((largest, value) => Math.max(largest, value), 1);
  const expected = llama3Divisors(factors.length, rotaryBase(name, metadata), factor);
  if (!factors.every((value, i) => Math.abs(value - expected[i]!) <= 1e-3 * expected[i]!))
    throw refuse("found divisors of another rule than LLaMA 3's, which is the only one supported");
  // The original is a whole number for every model there is.
  return { rope_type: 'llama3', factor: Math.round(factor * 1000) / 1000, ...llama3 };
}

function rotaryBase(name: string, metadata: JsonFile): number {
  return metadata.number(`${name}.rope.freq_base`, { min: 1, fallback: 10_000 });
}

/** Long waves are divided by `factor`, short ones are left, and those between are mixed (LLaMA 3.1's release). */
function llama3Divisors(half: number, base: number, factor: number): number[] {
  const { low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: context } = llama3;
  return Array.from({ length: half }, (_, i) => {
    const wavelength = 2 * Math.PI * base ** (i / half);
    if (wavelength < context / high) return 1;
    if (wavelength > context / low) return factor;
    const smooth = (context / wavelength - low) / (high - low);
    return 1 / ((1 - smooth) / factor + smooth);
  });
}
