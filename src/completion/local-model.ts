/** A model that is ready to be asked: its tokenizer, its prompt layout, and the engine that runs it. */
import { join } from 'node:path';
import type { Engine } from '../engine/engine';
import { findExport } from '../files/find-export';
import { JsonFile } from '../files/json-file';
import { findLayout } from '../prompt/find-layout';
import type { PromptLayout } from '../prompt/prompt-layout';
import { loadTokenizer } from '../tokenizer/load-tokenizer';
import { idsWithByte, type Tokenizer } from '../tokenizer/tokenizer';

export interface LocalModel {
  readonly name: string;
  readonly tokenizer: Tokenizer;
  readonly layout: PromptLayout;
  /** Tokens of prompt and answer together that the model was trained on. */
  readonly contextWindow: number;
  /** Every id that holds a line break. */
  readonly lineBreakIds: readonly number[];
  readonly engine: Engine;
}

const lineBreakByte = 10;

/** What `sotto.json` says of a model beyond its checkpoint. */
export interface ModelManifest {
  readonly name: string;
  readonly contextWindow: number;
  /** Bits of a stored weight: fewer are faster and less exact. 'stored': as the file has them. */
  readonly weightBits: 4 | 8 | 32 | 'stored';
}

/** @throws ModelFileError */
export function readManifest(folder: string): ModelManifest {
  const json = JsonFile.read(join(folder, 'sotto.json'));
  const bits = json.integer('weightBits');
  if (bits !== 4 && bits !== 8 && bits !== 32) throw json.wrong('weightBits', bits, '4, 8 or 32');
  return {
    name: json.string('name'),
    contextWindow: json.integer('contextWindow', { min: 64, max: 131_072 }),
    weightBits: bits,
  };
}

/**
 * @param model a folder with a `vocab.json`, a GGUF file, or an ONNX file in or below such a folder
 * @throws ModelFileError
 */
export async function openLocalModel(
  model: string,
  { name, contextWindow }: Pick<ModelManifest, 'name' | 'contextWindow'>,
  engine: Engine,
): Promise<LocalModel> {
  const tokenizer = await loadTokenizer(findExport(model)?.folder ?? model);
  return {
    name,
    tokenizer,
    layout: findLayout(tokenizer).layout,
    contextWindow,
    lineBreakIds: idsWithByte(tokenizer, lineBreakByte),
    engine,
  };
}
