/** Reads and checks the tokens and merges of a `tokenizer.json`. Knows nothing of how a text is cut. */
import type { JsonFile } from '../checkpoint/json-file';
import { type CheckpointFacts, maxTokens } from './checkpoint-facts';

export interface Vocabulary {
  /** The ids of the tokens that merging gives, by their spelling. */
  readonly tokens: ReadonlyMap<string, number>;
  readonly merges: readonly (readonly [string, string])[];
  /** Tokens that are searched for in a text before it is cut. */
  readonly added: readonly AddedToken[];
  /** Special tokens, for example for the end of a text or for fill-in-the-middle. No text encodes to one of them. */
  readonly marks: ReadonlyMap<string, number>;
  /** One more than the highest id. */
  readonly size: number;
}

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Whether it is searched for in the normalised text. */
  readonly normalized: boolean;
  readonly special: false;
}

/** Some vocabularies reserve ids that have no token. */
const maxIdsWithoutToken = 1024;

/** @throws ModelFileError */
export function readVocabulary(json: JsonFile, facts: CheckpointFacts): Vocabulary {
  const model = json.object('model');
  const all = readTokens(model);
  const { added, marks } = readAddedTokens(json, all, facts);
  const tokens = new Map([...all].filter(([spelling]) => !marks.has(spelling)));
  const merges = readMerges(model, tokens, marks);
  const spellings = new Map<number, string>();
  const every = [...tokens, ...marks, ...added.map(({ content, id }) => [content, id] as const)];
  let size = 0;
  for (const [spelling, id] of every) {
    const other = spellings.get(id);
    if (other !== undefined && other !== spelling)
      throw model.wrong('vocab', id, `an id for '${other}' or for '${spelling}', not for both`);
    spellings.set(id, spelling);
    size = Math.max(size, id + 1);
  }
  if (size > spellings.size + maxIdsWithoutToken)
    throw model.wrong('vocab', size - 1, `ids without gaps: there are ${spellings.size} tokens`);
  return { tokens, merges, added, marks, size };
}

function readTokens(model: JsonFile): Map<string, number> {
  const vocab = model.object('vocab');
  const tokens = new Map<string, number>();
  for (const spelling of vocab.keys())
    tokens.set(spelling, vocab.integer(spelling, { min: 0, max: maxTokens - 1 }));
  if (tokens.size === 0) throw model.wrong('vocab', {}, 'tokens');
  return tokens;
}

/** Some files call their marks ordinary tokens, as those of Qwen and DeepSeek do for fill-in-the-middle. */
const looksLikeMark = /^<[|｜][^<>]*[|｜]>$|^<\[[^<>]*\]>$|^<(fim|repo|file)[-_]\w+>$|^▁<[A-Z]+>$/;

function readAddedTokens(json: JsonFile, tokens: ReadonlyMap<string, number>, facts: CheckpointFacts) {
  const added: AddedToken[] = [];
  const marks = new Map<string, number>();
  const limit = facts.vocabularySize ?? maxTokens;
  for (const token of json.has('added_tokens') ? json.objects('added_tokens') : []) {
    const content = token.string('content');
    const id = token.integer('id', { min: 0, max: maxTokens - 1 });
    if (content === '') throw token.wrong('content', content, 'characters');
    const inVocab = tokens.get(content);
    if (inVocab !== undefined && inVocab !== id) throw token.wrong('id', id, `${inVocab}, as in model.vocab`);
    // A token that takes the blanks beside it away is one of a template (Phi-3's </s>), and not a part of texts.
    const takesBlanks = ['lstrip', 'rstrip'].some(field => token.boolean(field, false));
    const isMark =
      token.boolean('special', false) ||
      takesBlanks ||
      looksLikeMark.test(content) ||
      facts.isMark(content, id);
    if (isMark) {
      // A mark beyond the embedding table could not be given to the model.
      if (id < limit) marks.set(content, id);
      else if (inVocab === undefined) continue;
    } else {
      if (token.boolean('single_word', false)) throw token.wrong('single_word', true, 'false');
      added.push({ id, content, normalized: token.boolean('normalized', true), special: false });
    }
  }
  const beyond = [...tokens, ...added.map(({ content, id }) => [content, id] as const)].find(
    ([, id]) => id >= limit,
  );
  if (beyond !== undefined)
    throw json.object('model').wrong('vocab', beyond[1], `less than config.json's vocab_size of ${limit}`);
  return { added, marks };
}

type Merge = readonly [string, string];

/** The merges, without those that give or need a mark. So a text can never become a mark. */
function readMerges(
  model: JsonFile,
  tokens: ReadonlyMap<string, number>,
  marks: ReadonlyMap<string, number>,
): Merge[] {
  const merges: Merge[] = [];
  const entries = model.array('merges', isMerge, 'pairs of tokens');
  for (const [index, entry] of entries.entries()) {
    const pair = typeof entry === 'string' ? toPair(entry) : entry;
    const parts = [pair[0], pair[1], pair[0] + pair[1]];
    if (parts.some(part => marks.has(part))) continue;
    const unknown = parts.find(part => !tokens.has(part));
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
