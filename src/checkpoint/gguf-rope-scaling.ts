/** Translates rotary scaling from GGUF's keys to the `rope_scaling` of a config.json. The graph may still refuse it. */
import type { GgufFile, GgufTensor } from './gguf-file';
import type { ArchitectureMetadata } from './gguf-metadata';
import { ModelFileError } from './model-file-error';
import { dequantiser } from './read-ggml';

/** @returns no fields if positions are not scaled */
export function ropeScaling(metadata: ArchitectureMetadata, file: GgufFile): Record<string, unknown> {
  const divisors = file.tensors.get('rope_freqs.weight');
  if (divisors !== undefined) return { rope_scaling: llama3Scaling(metadata, file, divisors) };
  const original = metadata.unknown('rope.scaling.original_context_length');
  const short = file.tensors.get('rope_factors_short.weight');
  if (short !== undefined)
    return {
      rope_scaling: {
        rope_type: 'longrope',
        short_factor: [...readFactors('rope_factors_short.weight', short)],
        original_max_position_embeddings: original,
        attention_factor: metadata.unknown('rope.scaling.attn_factor'),
      },
    };
  const type = metadata.string('rope.scaling.type', {
    oneOf: ['none', 'linear', 'yarn', 'longrope'],
    fallback: 'none',
  });
  for (const [key, neutral] of Object.entries(unread))
    if (metadata.number(key, { fallback: neutral }) !== neutral)
      throw metadata.wrong(key, `${neutral}: nothing else is supported`);
  if (type === 'none') return {};
  return {
    rope_scaling: {
      rope_type: type,
      factor: metadata.unknown('rope.scaling.factor'),
      original_max_position_embeddings: original,
      beta_fast: metadata.unknown('rope.scaling.yarn_beta_fast'),
      beta_slow: metadata.unknown('rope.scaling.yarn_beta_slow'),
    },
  };
}

/** Other keys that llama.cpp reads, each with the value that changes nothing. Another value is refused. */
const unread = {
  'rope.scale_linear': 1, // linear scaling, in older files
  'rope.scaling.attn_factor': 1,
  'rope.scaling.yarn_attn_factor': 1,
  'rope.scaling.yarn_ext_factor': 1,
  'rope.scaling.yarn_log_multiplier': 0,
};

/** At most one factor for each pair of a head's numbers. */
function readFactors(name: string, { bytes, type, shape, start, end }: GgufTensor): Float32Array {
  if (type.name !== 'F32' || shape.length !== 1 || shape[0]! > 512)
    throw new ModelFileError(
      bytes.path,
      `tensor '${name}'`,
      `found ${type.name} of shape [${shape}], expected F32 of half a head`,
    );
  const factors = new Float32Array(shape[0]!);
  dequantiser(type)!(bytes.read(start, end), factors, 0);
  return factors;
}

/** The same for every LLaMA 3.1, 3.2 and 3.3. A GGUF has only the divisors that follow from them. */
const llama3 = { low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 };

/** @throws ModelFileError if the divisors do not follow LLaMA 3.1's rule */
function llama3Scaling(
  metadata: ArchitectureMetadata,
  file: GgufFile,
  tensor: GgufTensor,
): Record<string, unknown> {
  const name = 'rope_freqs.weight';
  const factors = readFactors(name, tensor);
  const factor = factors.reduce((largest, value) => Math.max(largest, value), 1);
  const base = metadata.number('rope.freq_base', { min: 1, fallback: 10_000 });
  const expected = llama3Divisors(factors.length, base, factor);
  if (!factors.every((value, i) => Math.abs(value - expected[i]!) <= 1e-3 * expected[i]!))
    throw new ModelFileError(
      file.path,
      `tensor '${name}'`,
      "found divisors of another rule than LLaMA 3's, which is the only one supported",
    );
  // Every published model has a whole number here. The divisors are float32, so it is rounded.
  return { rope_type: 'llama3', factor: Math.round(factor * 1000) / 1000, ...llama3 };
}

/**
 * Long waves are divided by `factor`, short ones by 1, and those between by a mixture. `model/rotary.ts` has the same
 * rule for frequencies, with its source. This folder must not import it, so a test compares the two.
 */
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
