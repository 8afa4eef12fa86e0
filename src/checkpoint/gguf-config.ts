/**
 * Translates a GGUF file by the tables of gguf-architectures.ts: its metadata to the fields of a config.json, its
 * tensor names to Hugging Face's.
 */

import { refuseVocabularyOnly } from './foreign-models';
import { type GgufArchitecture, ggufArchitectures, type RowOrder } from './gguf-architectures';
import type { GgufFile } from './gguf-file';
import { ArchitectureMetadata } from './gguf-metadata';
import { ropeScaling } from './gguf-rope-scaling';
import { JsonFile } from './json-file';
import { ModelFileError } from './model-file-error';

export interface FoundArchitecture {
  readonly architecture: GgufArchitecture;
  readonly metadata: ArchitectureMetadata;
}

/** @throws ModelFileError for an architecture that is not in the table, or a feature that no graph has */
export function readGgufConfig(file: GgufFile): {
  readonly architecture: FoundArchitecture;
  readonly config: JsonFile;
} {
  const name = file.metadata.string('general.architecture', { oneOf: Object.keys(ggufArchitectures) });
  const architecture = ggufArchitectures[name]!;
  const metadata = new ArchitectureMetadata(name, file.metadata);
  refuseVocabularyOnly(file);
  refuseUnknownArithmetic(architecture, metadata);

  const names: Record<string, string> = { model_type: 'general.architecture' };
  const fields: Record<string, unknown> = {
    model_type: architecture.modelType,
    tie_word_embeddings: !file.tensors.has('output.weight'),
    ...architecture.constants,
    ...architecture.derive?.(metadata),
  };
  for (const [field, key] of Object.entries(architecture.fields)) {
    names[field] = metadata.key(key);
    if (!metadata.has(key)) continue;
    // For llama.cpp, a window, cap or multiplier of 0 means that there is none.
    if (Array.isArray(metadata.unknown(key)))
      throw metadata.wrong(key, 'one number: layers that differ are not supported');
    if (zeroIsNone.has(key) && metadata.number(key) === 0) fields[field] ??= null;
    else fields[field] = metadata.unknown(key);
  }
  for (const [field, tensor] of Object.entries(architecture.isThere ?? {}))
    fields[field] = file.tensors.has(tensor);
  const embedding = file.tensors.get('token_embd.weight');
  if (embedding === undefined)
    throw new ModelFileError(file.path, "tensor 'token_embd.weight'", 'is missing');
  fields['vocab_size'] = embedding.shape[0];
  Object.assign(fields, turnedShare(architecture, metadata), ropeScaling(metadata, file));
  return { architecture: { architecture, metadata }, config: JsonFile.of(file.path, fields, names) };
}

const zeroIsNone: ReadonlySet<string> = new Set([
  'attention.sliding_window',
  'attn_logit_softcapping',
  'final_logit_softcapping',
  'attention.scale',
  'residual_scale',
  'embedding_scale',
]);

/** Keys that change the arithmetic. A file must not have one that its architecture does not read. */
const arithmetic: readonly string[] = [
  ...zeroIsNone,
  'expert_count',
  'logit_scale',
  'attention.clamp_kqv',
  'attention.max_alibi_bias',
];

function refuseUnknownArithmetic({ fields }: GgufArchitecture, metadata: ArchitectureMetadata): void {
  const known = Object.values(fields);
  for (const key of arithmetic)
    if (!known.includes(key) && metadata.number(key, { fallback: 0 }) !== 0)
      throw metadata.wrong(key, `0: no graph of ${metadata.name} has it`);
  const values = metadata.integer('attention.value_length', { fallback: metadata.headDim });
  if (values !== metadata.headDim)
    throw metadata.wrong('attention.value_length', `${metadata.headDim}, the width of a head's keys`);
}

/** @returns the field for the share of a head that is turned, if the architecture has one */
function turnedShare(architecture: GgufArchitecture, metadata: ArchitectureMetadata): Record<string, number> {
  const { headDim } = metadata;
  const turned = metadata.integer('rope.dimension_count', { max: 1024, fallback: headDim });
  const field = architecture.turnedShare;
  if (field === undefined && turned !== headDim)
    throw metadata.wrong('rope.dimension_count', `the ${headDim} of a whole head`);
  if (field === undefined) return {};
  // The half keeps the product between two whole numbers: rounded down, it gives `turned` and never one less.
  return { [field]: turned === headDim ? 1 : (turned + 0.5) / headDim };
}

export interface FoundTensor {
  /** In Hugging Face's words. */
  readonly name: string;
  readonly rowOrder?: RowOrder;
  readonly isTransposed?: boolean;
  readonly isPlusOne?: boolean;
}

/** @returns undefined for a tensor that the architecture does not have */
export function findTensor(
  { architecture, metadata }: FoundArchitecture,
  name: string,
): FoundTensor | undefined {
  const match = /^(?:blk\.(\d+)\.)?(.+)\.(weight|bias)$/.exec(name);
  if (!match) return undefined;
  const [, layer, part, kind] = match;
  const pattern = layer === undefined ? part! : `blk.N.${part}`;
  const found = Object.hasOwn(architecture.tensors, pattern) ? architecture.tensors[pattern] : undefined;
  if (found === undefined) return undefined;
  const rowOrder = architecture.rowOrders?.[pattern]?.(metadata);
  return {
    name: `${found.replace('.N.', `.${layer}.`)}.${kind}`,
    ...(rowOrder && { rowOrder }),
    ...(kind === 'weight' && architecture.transposed?.includes(pattern) && { isTransposed: true }),
    ...(architecture.plusOne?.test(name) && { isPlusOne: true }),
  };
}
