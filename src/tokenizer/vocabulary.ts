/** The tokens and merges of a `tokenizer.json`: consistent, or refused. Knows nothing of how texts are cut. */
import type { JsonFile } from '../checkpoint/json-file';
import { type CheckpointFacts, maxTokens } from './checkpoint-facts';

export interface Vocabulary {
  /** What merging makes, by its spelling. */
  readonly pieces: ReadonlyMap<string, number>;
  readonly merges: readonly (readonly [string, string])[];
  /** Tokens that are found in a text before it is cut. */
  readonly added: readonly AddedToken[];
  /** Tokens that no text contains: where a document begins or ends, the middle that is to be filled in. */
  readonly marks: ReadonlyMap<string, number>;
  /** One more than the highest id. */
  readonly size: number;
}

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Whether it is found after normalisation. */
  readonly normalized: boolean;
  readonly special: false;
}

/** Ids without a token, which some vocabularies reserve. */
const maxHoles = 1024;

/** @throws ModelFileError */
export function readVocabulary(json: JsonFile, facts: CheckpointFacts): Vocabulary {
  const model = json.object('model');
  const all = readPieces(model);
  const { added, marks } = readAddedTokens(json, all, facts);
  const pieces = new Map([...all].filter(([spelling]) => !marks.has(spelling)));
  const merges = readMerges(model, pieces, marks);
  const spellings = new Map<number, string>();
  const every = [...pieces, ...marks, ...added.map(({ content, id }) => [content, id] as const)];
  let size = 0;
  for (const [spelling, id] of every) {
    const other = spellings.get(id);
    if (other !== undefined && other !== spelling)
      throw model.wrong('vocab', id, `an id for '${other}' or for '${spelling}', not for both`);
    spellings.set(id, spelling);
    size = Math.max(size, id + 1);
  }
  if (size > spellings.size + maxHoles)
    throw model.wrong('vocab', size - 1, `ids without gaps: there are ${spellings.size} tokens`);
  return { pieces, merges, added, marks, size };
}

function readPieces(model: JsonFile): Map<string, number> {
  const vocab = model.object('vocab');
  const pieces = new Map<string, number>();
  for (const spelling of vocab.keys())
    pieces.set(spelling, vocab.integer(spelling, { min: 0, max: maxTokens - 1 }));
  if (pieces.size === 0) throw model.wrong('vocab', {}, 'tokens');
  return pieces;
}

/** Marks that files call ordinary, as Qwen's and DeepSeek's of fill-in-the-middle. */
const looksLikeMark = /^<[|｜][^<>]*[|｜]>$|^<(fim|repo|file)[-_]\w+>$|^▁<[A-Z]+>$/;

function readAddedTokens(json: JsonFile, pieces: ReadonlyMap<string, number>, facts: CheckpointFacts) {
  const added: AddedToken[] = [];
  const marks = new Map<string, number>();
  const limit = facts.vocabularySize ?? maxTokens;
  for (const token of json.has('added_tokens') ? json.objects('added_tokens') : []) {
    const content = token.string('content');
    const id = token.integer('id', { min: 0, max: maxTokens - 1 });
    if (content === '') throw token.wrong('content', content, 'characters');
    const inVocab = pieces.get(content);
    if (inVocab !== undefined && inVocab !== id) throw token.wrong('id', id, `${inVocab}, as in model.vocab`);
    const isMark =
      token.boolean('special', false) || looksLikeMark.test(content) || facts.isMark(content, id);
    if (isMark) {
      // One that the model has no row for cannot be given to it.
      if (id < limit) marks.set(content, id);
      else if (inVocab === undefined) continue;
    } else {
      for (const field of ['single_word', 'lstrip', 'rstrip'])
        if (token.boolean(field, false)) throw token.wrong(field, true, 'false');
      added.push({ id, content, normalized: token.boolean('normalized', true), special: false });
    }
  }
  const beyond = [...pieces, ...added.map(({ content, id }) => [content, id] as const)].find(
    ([, id]) => id >= limit,
  );
  if (beyond !== undefined)
    throw json.object('model').wrong('vocab', beyond[1], `less than config.json's vocab_size of ${limit}`);
  return { added, marks };
}

type Merge = readonly [string, string];

/** Those that would make a mark, or need one, are left out: a text must not become one. */
function readMerges(
  model: JsonFile,
  pieces: ReadonlyMap<string, number>,
  marks: ReadonlyMap<string, number>,
): Merge[] {
  const merges: Merge[] = [];
  const entries = model.array('merges', isMerge, 'pairs of tokens');
  for (const [index, entry] of entries.entries()) {
    const pair = typeof entry === 'string' ? toPair(entry) : entry;
    const parts = [pair[0], pair[1], pair[0] + pair[1]];
    if (parts.some(part => marks.has(part))) continue;
    const unknown = parts.find(part => !pieces.has(part));
    if (unknown !== undefined)
      throw model.wrong(`merges[${index}]`, entry, `tokens of model.vocab, which lacks '${unknown}'`);
    merges.push(pair);
  }
  return merges;
}

function isMerge(value: unknown): value is string | Merge {
  if (typeof value === 'string') return /^[^ ]+ [^ ]+$/.test(value);
  return Array.isArray(value) && value.length === 2 && value.every(part => typeof part === 'string');
}

function toPair(merge: string): Merge {
  const at = merge.indexOf(' ');
  return [merge.slice(0, at), merge.slice(at + 1)];
}
