/** The vocabulary inside a GGUF file, turned into what a `tokenizer.json` would say of it. */
import { openGgufFile } from '../checkpoint/gguf-file';
import { isNumber, isString, type JsonFile } from '../checkpoint/json-file';
import { ModelFileError } from '../checkpoint/model-file-error';
import { byteLevelSteps } from './byte-level-steps';
import { createHuggingFaceTokenizer } from './hugging-face-tokenizer';
import { preTokenizers } from './pre-tokenizers';
import { scoreMerges } from './score-merges';
import { byteLevelBytes, sentencePieceBytes, singleByte, utf8Bytes } from './token-bytes';
import type { Tokenizer } from './tokenizer';

/** @throws ModelFileError if the file has no vocabulary, or one of a kind that is not known */
export function loadGgufTokenizer(path: string): Tokenizer {
  const file = openGgufFile(path);
  file.close();
  const { metadata } = file;
  const kind = metadata.string(field('model'), { oneOf: ['gpt2', 'llama'] });
  const vocabulary = readVocabulary(metadata);
  const { addsStart, ...parts } =
    kind === 'gpt2' ? bytePairParts(metadata, vocabulary) : sentencePieceParts(metadata, vocabulary);
  const startId = metadata.boolean(field('add_bos_token'), addsStart)
    ? readId(metadata, 'bos_token_id', vocabulary)
    : undefined;
  const fillInMiddle = readFillInMiddle(metadata, vocabulary);
  return createHuggingFaceTokenizer({
    ...parts,
    special: new Map(vocabulary.filter(({ isSpecial }) => isSpecial).map(({ text, id }) => [text, id])),
    endIds: endFields.map(name => readId(metadata, name, vocabulary)).filter(id => id !== undefined),
    ...(startId !== undefined && { startId }),
    ...(fillInMiddle && { fillInMiddle }),
  });
}

const field = (name: string) => `tokenizer.ggml.${name}`;
const endFields = ['eos_token_id', 'eot_token_id', 'eom_token_id', 'fim_pad_token_id', 'fim_sep_token_id'];

/** `tokenizer.ggml.token_type` */
const tokenType = { unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

interface Token {
  readonly id: number;
  readonly text: string;
  readonly type: number;
  /** A mark of its own: its spelling in a text is ordinary text, and it stands for no bytes. */
  readonly isSpecial: boolean;
}

function readVocabulary(metadata: JsonFile): readonly Token[] {
  const texts = metadata.array(field('tokens'), isString, 'a list of tokens');
  const types = metadata.has(field('token_type'))
    ? metadata.array(field('token_type'), isNumber, 'a list of numbers')
    : texts.map(() => 1);
  if (types.length !== texts.length)
    throw new ModelFileError(
      metadata.path,
      field('token_type'),
      `found ${types.length} of them, expected ${texts.length}, one a token`,
    );
  return texts.map((text, id) => {
    const type = types[id]!;
    // Converters write some families' fill-in-the-middle marks as user-defined.
    const isSpecial =
      type === tokenType.control || (type === tokenType.userDefined && looksSpecial.test(text));
    return { id, text, type, isSpecial };
  });
}

const looksSpecial = /^(<[^\s<>]+>|\[[A-Z]+\]|▁<[A-Z]+>)$/;

/** @param normalized whether they are spelled as they are found after normalisation (spaces as U+2581) */
function addedTokens(vocabulary: readonly Token[], normalized: boolean): readonly object[] {
  return vocabulary
    .filter(({ type, isSpecial }) => type === tokenType.userDefined && !isSpecial)
    .map(({ id, text }) => ({ id, content: text, special: false, normalized }));
}

type Parts = Pick<Parameters<typeof createHuggingFaceTokenizer>[0], 'json' | 'bytesOfId' | 'textPrefix'> & {
  /** Whether a text of this kind begins with the token for that, where the file does not say. */
  readonly addsStart: boolean;
};

/** Byte-level byte-pair encoding (GPT-2's): each byte is written as a character of its own. */
function bytePairParts(metadata: JsonFile, vocabulary: readonly Token[]): Parts {
  const pre = metadata.string(field('pre'), { oneOf: Object.keys(preTokenizers) });
  const { patterns, ignoresMerges = false, addsStart = false } = preTokenizers[pre]!;
  const vocab = vocabOf(metadata, vocabulary);
  return {
    json: {
      added_tokens: addedTokens(vocabulary, false),
      normalizer: null,
      pre_tokenizer: byteLevelSteps(patterns, spelling => Object.hasOwn(vocab, spelling)),
      post_processor: null,
      decoder: { type: 'ByteLevel' },
      model: {
        type: 'BPE',
        vocab,
        merges: metadata
          .array(field('merges'), isMerge, 'pairs of tokens, each with a space between')
          .map(toPair),
        ignore_merges: ignoresMerges,
      },
    },
    bytesOfId: vocabulary.map(token => bytesOfByteLevel(metadata, token)),
    addsStart,
  };
}

const isMerge = (value: unknown): value is string => typeof value === 'string' && value.indexOf(' ', 1) > 0;

function toPair(merge: string): [string, string] {
  const at = merge.indexOf(' ', 1);
  return [merge.slice(0, at), merge.slice(at + 1)];
}

function bytesOfByteLevel(metadata: JsonFile, { text, type, isSpecial }: Token): Uint8Array {
  if (isSpecial || type === tokenType.unused) return new Uint8Array(0);
  if (type === tokenType.userDefined) return utf8Bytes(text);
  const bytes = byteLevelBytes(text);
  if (bytes !== undefined) return bytes;
  throw new ModelFileError(
    metadata.path,
    field('tokens'),
    `found '${text}', expected bytes as GPT-2 writes them`,
  );
}

/** SentencePiece's byte-pair encoding: spaces as U+2581, merges by score, unknown characters as their bytes. */
function sentencePieceParts(metadata: JsonFile, vocabulary: readonly Token[]): Parts {
  const scores = metadata.array(field('scores'), isNumber, 'a list of numbers');
  if (scores.length !== vocabulary.length)
    throw new ModelFileError(
      metadata.path,
      field('scores'),
      `found ${scores.length} of them, expected ${vocabulary.length}, one a token`,
    );
  const hasPrefix = metadata.boolean(field('add_space_prefix'), true);
  const mergeable = vocabulary
    .filter(({ type }) => type === 1)
    .map(({ id, text }) => ({ text, score: scores[id]! }));
  const unknown = vocabulary[readId(metadata, 'unknown_token_id', vocabulary) ?? 0]?.text;
  return {
    json: {
      added_tokens: addedTokens(vocabulary, true),
      normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      pre_tokenizer: null,
      post_processor: null,
      decoder: { type: 'ByteFallback' },
      model: {
        type: 'BPE',
        vocab: vocabOf(metadata, vocabulary),
        merges: scoreMerges(mergeable),
        unk_token: unknown,
        fuse_unk: true,
        byte_fallback: true,
      },
    },
    bytesOfId: vocabulary.map(bytesOfSentencePiece),
    addsStart: true,
    ...(hasPrefix && { textPrefix: ' ' }),
  };
}

function bytesOfSentencePiece({ text, type, isSpecial }: Token): Uint8Array {
  if (isSpecial || type === tokenType.unused || type === tokenType.unknown) return new Uint8Array(0);
  const byte = type === tokenType.byte ? singleByte(text) : undefined;
  return byte ?? sentencePieceBytes(text);
}

function vocabOf(metadata: JsonFile, vocabulary: readonly Token[]): Record<string, number> {
  const ids = new Map<string, number>();
  // The first of two of the same spelling is the one that merges make.
  for (const { text, id } of vocabulary) if (!ids.has(text)) ids.set(text, id);
  if (ids.size === 0) throw new ModelFileError(metadata.path, field('tokens'), 'found none');
  return Object.fromEntries(ids);
}

/** @returns undefined where the file does not name such a token */
function readId(metadata: JsonFile, name: string, vocabulary: readonly Token[]): number | undefined {
  if (!metadata.has(field(name))) return undefined;
  return metadata.integer(field(name), { min: 0, max: vocabulary.length - 1 });
}

/** The marks that a newer file names by their ids. */
function readFillInMiddle(metadata: JsonFile, vocabulary: readonly Token[]): Tokenizer['fillInMiddle'] {
  const find = (...names: string[]) =>
    names.map(name => readId(metadata, name, vocabulary)).find(id => id !== undefined);
  const prefix = find('fim_pre_token_id', 'prefix_token_id');
  const suffix = find('fim_suf_token_id', 'suffix_token_id');
  const middle = find('fim_mid_token_id', 'middle_token_id');
  if (prefix === undefined || suffix === undefined || middle === undefined) return undefined;
  return { prefix, suffix, middle };
}
