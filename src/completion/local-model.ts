/** What a model is, and one that is ready to be asked: its tokenizer, its prompt layout, the engine that runs it. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { JsonFile } from '../checkpoint/json-file';
import { ModelFileError } from '../checkpoint/model-file-error';
import { isFile } from '../files/is-file';
import type { Engine } from '../generation/engine';
import { findLayout } from '../prompt/find-layout';
import type { PromptLayout } from '../prompt/prompt-layout';
import { createTokenHealing, type HealText } from '../prompt/token-healing';
import { idsWithByte, type Tokenizer } from '../tokenizer/tokenizer';

export interface LocalModel {
  readonly name: string;
  readonly tokenizer: Tokenizer;
  readonly layout: PromptLayout;
  /** Tokens of prompt and answer together, at most. */
  readonly contextWindow: number;
  /** Every id that holds a line break. */
  readonly lineBreakIds: readonly number[];
  /** Where its prompts end before the cursor; a benchmark leaves it out. */
  readonly heal?: HealText;
  readonly engine: Engine;
}

const lineBreakByte = 10;

/** What is known of a model before it is loaded. */
export interface ModelManifest {
  readonly name: string;
  /** Tokens of prompt and answer together to make room for; the model itself may take fewer. */
  readonly contextWindow: number;
  /** Bits of a stored weight: fewer are faster and less exact. 'stored': as the file has them. */
  readonly weightBits: 4 | 8 | 32 | 'stored';
}

/** For a checkpoint that does not say what it was trained on: enough for a file or two, and a small cache. */
const usualContextWindow = 2048;

/**
 * @param model a GGUF file or a checkpoint's folder; a `sotto.json` in it says what it is
 * @throws ModelFileError
 */
export function describeModel(model: string): ModelManifest {
  if (!existsSync(model))
    throw new ModelFileError(model, 'file', "is not there; expected a GGUF file or a checkpoint's folder");
  if (existsSync(join(model, 'sotto.json'))) return readManifest(model);
  return {
    name: basename(model),
    contextWindow: usualContextWindow,
    weightBits: isFile(model) ? 'stored' : 8,
  };
}

function readManifest(folder: string): ModelManifest {
  const json = JsonFile.read(join(folder, 'sotto.json'));
  const bits = json.integer('weightBits');
  if (bits !== 4 && bits !== 8 && bits !== 32) throw json.wrong('weightBits', bits, '4, 8 or 32');
  return {
    name: json.string('name'),
    contextWindow: json.integer('contextWindow', { min: 64, max: 131_072 }),
    weightBits: bits,
  };
}

export function createLocalModel(
  name: string,
  tokenizer: Tokenizer,
  engine: Engine,
  contextWindow: number,
): LocalModel {
  return {
    name,
    tokenizer,
    layout: findLayout(tokenizer).layout,
    contextWindow,
    lineBreakIds: idsWithByte(tokenizer, lineBreakByte),
    heal: createTokenHealing(tokenizer),
    engine,
  };
}
