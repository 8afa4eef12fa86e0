/** What the files beside a `tokenizer.json` say of its tokens: how many the model has, which begin and end a text. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isNumber, JsonFile } from '../checkpoint/json-file';

/** Gemma's has 262,144. */
export const maxTokens = 2 ** 21;

export interface CheckpointFacts {
  /** Rows of the model's table; undefined where nothing says it. */
  readonly vocabularySize?: number;
  readonly endIds: readonly number[];
  /** Of one more end. */
  readonly endName?: string;
  /** The token in front of every text; null where there is none, undefined where nothing says it. */
  readonly start?: string | null;
  /** Whether it begins or ends a text, whatever `tokenizer.json` calls it. */
  isMark(content: string, id: number): boolean;
}

/** @throws ModelFileError */
export function readCheckpointFacts(folder: string): CheckpointFacts {
  const [config, generation, tokenizer] = [
    'config.json',
    'generation_config.json',
    'tokenizer_config.json',
  ].map(name => (existsSync(join(folder, name)) ? JsonFile.read(join(folder, name)) : undefined));
  const vocabularySize = config?.has('vocab_size')
    ? config.integer('vocab_size', { max: maxTokens })
    : undefined;
  const names = ['bos_token', 'eos_token'].map(field =>
    tokenizer ? tokenName(tokenizer, field) : undefined,
  );
  const ends = [generation, config].flatMap(json => (json ? readIds(json, 'eos_token_id') : []));
  const begins = [generation, config].flatMap(json => (json ? readIds(json, 'bos_token_id') : []));
  const ids = new Set([...ends, ...begins]);
  const start = tokenizer?.has('add_bos_token')
    ? { start: (tokenizer.boolean('add_bos_token', false) && names[0]) || null }
    : {};
  return {
    ...(vocabularySize !== undefined && { vocabularySize }),
    endIds: [...new Set(ends)].filter(id => vocabularySize === undefined || id < vocabularySize),
    ...(names[1] !== undefined && { endName: names[1] }),
    ...start,
    isMark: (content, id) => ids.has(id) || names.includes(content),
  };
}

/** A token's name, which newer files have inside an object. */
function tokenName(json: JsonFile, field: string): string | undefined {
  if (!json.has(field)) return undefined;
  return typeof json.unknown(field) === 'string' ? json.string(field) : json.object(field).string('content');
}

/** One id, or several. */
function readIds(json: JsonFile, field: string): readonly number[] {
  if (!json.has(field)) return [];
  if (typeof json.unknown(field) === 'number') return [json.integer(field, { min: 0 })];
  return json.array(field, isNumber, 'an id, or a list of ids');
}
