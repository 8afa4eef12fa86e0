/**
 * Facts about tokens that stand in the files beside a `tokenizer.json`: how many tokens the model has, and which of
 * them begin and end a text.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isNumber, JsonFile } from '../checkpoint/json-file';

/** For comparison: Gemma has 262,144. */
export const maxTokens = 2 ** 21;

export interface CheckpointFacts {
  /** Rows of the model's embedding table, or undefined if no file says it. */
  readonly vocabularySize?: number;
  /** Each of these tokens ends a text. */
  readonly endIds: readonly number[];
  /** The name of one more token that ends a text. */
  readonly endName?: string;
  /** The token that begins every text. Null means none, undefined means that no file says it. */
  readonly start?: string | null;
  /** Whether these files name the token as one that begins or ends a text. `tokenizer.json` may call it ordinary. */
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

/** The name of a token. Newer files have it inside an object. */
function tokenName(json: JsonFile, field: string): string | undefined {
  if (!json.has(field)) return undefined;
  return typeof json.unknown(field) === 'string' ? json.string(field) : json.object(field).string('content');
}

/** The field may hold one id or a list. */
function readIds(json: JsonFile, field: string): readonly number[] {
  if (!json.has(field)) return [];
  if (typeof json.unknown(field) === 'number') return [json.integer(field, { min: 0 })];
  return json.array(field, isNumber, 'an id, or a list of ids');
}
