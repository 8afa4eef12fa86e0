/** Makes a tokenizer from the vocabulary inside a GGUF file, by writing the `tokenizer.json` that it stands for. */
import type { GgufFile } from '../checkpoint/gguf-file';
import { openGgufParts } from '../checkpoint/gguf-parts';
import { isNumber, isString, type JsonFile } from '../checkpoint/json-file';
import { ModelFileError } from '../checkpoint/model-file-error';
import { defaultPreTokenizer, type GgufPreTokenizer, ggufPreTokenizers } from './gguf-pre-tokenizers';
import { createHuggingFaceTokenizer, type HuggingFaceVocabulary } from './hugging-face-tokenizer';
import { byteLevelSteps } from './pre-tokenizers';
import { byteLevelBytes, sentencePieceBytes, singleByte, type Tokenizer, utf8Bytes } from './tokenizer';

/** @throws ModelFileError if the file has no vocabulary, or one of an unknown kind */
export function loadGgufTokenizer(path: string): Tokenizer {
  const file = openGgufParts(path);
  file.close();
  const { metadata } = file;
  const kind = metadata.string(field('model'), { oneOf: kinds });
  const tokens = readTokens(metadata);
  const { addsStart, bytesOfId, ...encoding } = encodings[kind](metadata, tokens);
  const startId = metadata.boolean(field('add_bos_token'), addsStart)
    ? (readId(metadata, 'bos_token_id', tokens) ?? defaultId(kind, 'bos_token_id', tokens))
    : undefined;
  const fillInMiddle = readFillInMiddle(metadata, tokens);
  const ends = endFields.map(name => readId(metadata, name, tokens) ?? defaultId(kind, name, tokens));
  return createHuggingFaceTokenizer({
    ...encoding,
    bytesOfId: withUnusedRows(file, bytesOfId),
    special: new Map(tokens.filter(({ isSpecial }) => isSpecial).map(({ text, id }) => [text, id])),
    endIds: ends.filter(id => id !== undefined),
    ...(startId !== undefined && { startId }),
    ...(fillInMiddle && { fillInMiddle }),
  });
}

/** By `tokenizer.ggml.model`. */
const encodings = {
  gpt2: bytePairEncoding,
  llama: sentencePieceEncoding,
  gemma4: (metadata: JsonFile, tokens: readonly Token[]) =>
    textEncoding(metadata, tokens, ggufPreTokenizers.get('gemma4')!),
} as const;
const kinds = Object.keys(encodings) as (keyof typeof encodings)[];

const field = (name: string) => `tokenizer.ggml.${name}`;
const endFields = ['eos_token_id', 'eot_token_id', 'eom_token_id', 'fim_pad_token_id', 'fim_sep_token_id'];

/** `tokenizer.ggml.token_type` */
const tokenType = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

interface Token {
  readonly id: number;
  readonly text: string;
  readonly type: number;
  /** A special token has no bytes, and its spelling in a text is ordinary text. */
  readonly isSpecial: boolean;
}

function readTokens(metadata: JsonFile): readonly Token[] {
  const texts = metadata.array(field('tokens'), isString, 'a list of tokens');
  const types = metadata.has(field('token_type'))
    ? metadata.array(field('token_type'), isNumber, 'a list of numbers')
    : texts.map(() => tokenType.normal);
  if (types.length < texts.length)
    throw new ModelFileError(
      metadata.path,
      field('token_type'),
      `found ${types.length} of them, expected ${texts.length}, one for each token`,
    );
  return texts.map((text, id) => {
    const type = types[id]!;
    // For some families, converters write the marks of fill-in-the-middle as user-defined tokens.
    const isSpecial =
      type === tokenType.control ||
      (type === tokenType.userDefined && looksSpecial.test(text) && !isElement.test(text));
    return { id, text, type, isSpecial };
  });
}

const looksSpecial = /^(<[^\s<>]+>|\[[A-Z]+\]|▁<[A-Z]+>)$/;
/** Gemma has user-defined tokens for elements of HTML. They are text. */
const isElement =
  /^<\/?(table|caption|thead|tbody|tfoot|tr|th|td|h[1-6]|blockquote|strong|em|b|i|u|sub|sup|code|pre|p|br|ul|ol|li|a|div|span)>$/;

/** @param normalized whether they are spelled as in a normalised text (spaces as U+2581) */
function addedTokens(tokens: readonly Token[], normalized: boolean): readonly object[] {
  return (
    tokens
      // A token without characters would be found everywhere.
      .filter(({ text, type, isSpecial }) => type === tokenType.userDefined && !isSpecial && text !== '')
      .map(({ id, text }) => ({ id, content: text, special: false, normalized }))
  );
}

type Encoding = Pick<HuggingFaceVocabulary, 'json' | 'bytesOfId' | 'textPrefix'> & {
  /** Whether a text begins with the start token, where the file does not say it. */
  readonly addsStart: boolean;
};

/** Byte-level byte-pair encoding, as in GPT-2: each byte is spelled as one character. */
function bytePairEncoding(metadata: JsonFile, tokens: readonly Token[]): Encoding {
  const way = findPreTokenizer(metadata);
  if (way.isText) return textEncoding(metadata, tokens, way);
  const { patterns, byteLevelPatterns, ignoresMerges = false, addsStart = false } = way;
  const vocab = vocabOf(metadata, tokens);
  return {
    json: {
      added_tokens: addedTokens(tokens, false),
      normalizer: null,
      pre_tokenizer: byteLevelSteps(patterns, spelling => Object.hasOwn(vocab, spelling), byteLevelPatterns),
      post_processor: null,
      decoder: { type: 'ByteLevel' },
      model: { type: 'BPE', vocab, merges: readMerges(metadata), ignore_merges: ignoresMerges },
    },
    bytesOfId: tokens.map(token => bytesOfByteLevel(metadata, token)),
    addsStart,
  };
}

function findPreTokenizer(metadata: JsonFile): GgufPreTokenizer {
  const pre = metadata.string(field('pre'), { fallback: defaultPreTokenizer });
  const found = ggufPreTokenizers.get(pre);
  if (found !== undefined) return found;
  const expected = 'a way to cut texts that Sotto knows, such as gpt-2, llama-bpe or qwen2';
  throw metadata.wrong(field('pre'), pre, expected);
}

function readMerges(metadata: JsonFile): [string, string][] {
  return metadata.array(field('merges'), isMerge, 'pairs of tokens, each with a space between').map(toPair);
}

/** Byte-pair encoding of text, as in Gemma: a space is spelled as U+2581, and the file lists the merges. */
function textEncoding(
  metadata: JsonFile,
  tokens: readonly Token[],
  { addsStart = false }: GgufPreTokenizer,
): Encoding {
  return { ...textBytePairs(metadata, tokens, readMerges(metadata)), addsStart };
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

/**
 * Byte-pair encoding as in SentencePiece: a space is spelled as U+2581, merges go by score, and a character without a
 * token becomes its bytes.
 */
function sentencePieceEncoding(metadata: JsonFile, tokens: readonly Token[]): Encoding {
  const scores = metadata.array(field('scores'), isNumber, 'a list of numbers');
  if (scores.length < tokens.length)
    throw new ModelFileError(
      metadata.path,
      field('scores'),
      `found ${scores.length} of them, expected ${tokens.length}, one for each token`,
    );
  const hasPrefix = metadata.boolean(field('add_space_prefix'), true);
  const mergeable = tokens
    .filter(({ type }) => type === tokenType.normal)
    .map(({ id, text }) => ({ text, score: scores[id]! }));
  return {
    ...textBytePairs(metadata, tokens, scoreMerges(mergeable)),
    addsStart: true,
    ...(hasPrefix && { textPrefix: ' ' }),
  };
}

/** A character without a token becomes its bytes. */
function textBytePairs(metadata: JsonFile, tokens: readonly Token[], merges: readonly [string, string][]) {
  return {
    json: {
      added_tokens: addedTokens(tokens, true),
      normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      pre_tokenizer: null,
      post_processor: null,
      decoder: { type: 'ByteFallback' },
      model: {
        type: 'BPE',
        vocab: vocabOf(metadata, tokens),
        merges,
        unk_token: tokens[readId(metadata, 'unknown_token_id', tokens) ?? 0]?.text,
        fuse_unk: true,
        byte_fallback: true,
      },
    },
    bytesOfId: tokens.map(bytesOfSentencePiece),
  };
}

function bytesOfSentencePiece({ text, type, isSpecial }: Token): Uint8Array {
  if (isSpecial || type === tokenType.unused || type === tokenType.unknown) return new Uint8Array(0);
  const byte = type === tokenType.byte ? singleByte(text) : undefined;
  return byte ?? sentencePieceBytes(text);
}

function vocabOf(metadata: JsonFile, tokens: readonly Token[]): Record<string, number> {
  const ids = new Map<string, number>();
  // Where two tokens have the same spelling, merging gives the first one.
  for (const { text, id } of tokens) if (!ids.has(text)) ids.set(text, id);
  if (ids.size === 0) throw new ModelFileError(metadata.path, field('tokens'), 'found none');
  return Object.fromEntries(ids);
}

/** @returns undefined if the file does not name such a token */
function readId(metadata: JsonFile, name: string, tokens: readonly Token[]): number | undefined {
  if (!metadata.has(field(name))) return undefined;
  return metadata.integer(field(name), { min: 0, max: tokens.length - 1 });
}

/** Old files of LLaMA do not name these tokens. llama.cpp takes the ids that LLaMA has. */
function defaultId(kind: string, name: string, tokens: readonly Token[]): number | undefined {
  const id = kind === 'llama' ? { bos_token_id: 1, eos_token_id: 2 }[name] : undefined;
  return id !== undefined && tokens[id]?.type === tokenType.control ? id : undefined;
}

/**
 * The embedding table of a model may have more rows than there are tokens. The model may then give an id without a token.
 * @throws ModelFileError if there are more tokens than rows
 */
function withUnusedRows(
  { path, tensors }: GgufFile,
  bytesOfId: readonly Uint8Array[],
): readonly Uint8Array[] {
  const rows = tensors.get('token_embd.weight')?.shape[0] ?? bytesOfId.length;
  if (rows < bytesOfId.length)
    throw new ModelFileError(
      path,
      field('tokens'),
      `found ${bytesOfId.length} of them, expected at most ${rows}, the rows of token_embd.weight`,
    );
  const unused = Array.from({ length: rows - bytesOfId.length }, () => new Uint8Array(0));
  return [...bytesOfId, ...unused];
}

/** The marks of fill-in-the-middle. Newer files name them by their ids. */
function readFillInMiddle(metadata: JsonFile, tokens: readonly Token[]): Tokenizer['fillInMiddle'] {
  const find = (...names: string[]) =>
    names.map(name => readId(metadata, name, tokens)).find(id => id !== undefined);
  const prefix = find('fim_pre_token_id', 'prefix_token_id');
  const suffix = find('fim_suf_token_id', 'suffix_token_id');
  const middle = find('fim_mid_token_id', 'middle_token_id');
  if (prefix === undefined || suffix === undefined || middle === undefined) return undefined;
  return { prefix, suffix, middle };
}

interface ScoredToken {
  readonly text: string;
  readonly score: number;
}

/** A damaged file may have a token of megabytes. SentencePiece itself allows 16 characters. */
const maxTokenLength = 256;

/**
 * SentencePiece merges the two neighbours whose union has the highest score. Byte-pair encoding needs a list of pairs
 * instead. So every way to cut a token into two tokens is a merge. The union with the highest score comes first. Among
 * the pairs of one union, the pair whose left token comes first in the vocabulary comes first.
 * Source: https://github.com/huggingface/transformers, `convert_slow_tokenizer.py`, `generate_merges`.
 */
function scoreMerges(tokens: readonly ScoredToken[]): [string, string][] {
  const rank = new Map(tokens.map(({ text }, index) => [text, index]));
  const merges: [string, string][] = [];
  // Sorting keeps the order of equal scores.
  for (const { text } of [...tokens].sort((a, b) => b.score - a.score)) {
    const pairs: [string, string][] = [];
    for (let at = 1; at < text.length && text.length <= maxTokenLength; at++) {
      const pair: [string, string] = [text.slice(0, at), text.slice(at)];
      if (rank.has(pair[0]) && rank.has(pair[1])) pairs.push(pair);
    }
    pairs.sort((a, b) => rank.get(a[0])! - rank.get(b[0])! || rank.get(a[1])! - rank.get(b[1])!);
    merges.push(...pairs);
  }
  return merges;
}
