/** Makes a tokenizer from the vocabulary inside a GGUF file, by writing the `tokenizer.json` that it stands for. */
import { openGgufFile } from '../checkpoint/gguf-file';
import { isNumber, isString, type JsonFile } from '../checkpoint/json-file';
import { ModelFileError } from '../checkpoint/model-file-error';
import { createHuggingFaceTokenizer, type HuggingFaceVocabulary } from './hugging-face-tokenizer';
import { byteLevelSteps, preTokenizers } from './pre-tokenizers';
import { byteLevelBytes, sentencePieceBytes, singleByte, utf8Bytes } from './token-bytes';
import type { Tokenizer } from './tokenizer';

/** @throws ModelFileError if the file has no vocabulary, or one of an unknown kind */
export function loadGgufTokenizer(path: string): Tokenizer {
  const file = openGgufFile(path);
  file.close();
  const { metadata } = file;
  const kind = metadata.string(field('model'), { oneOf: ['gpt2', 'llama'] });
  const tokens = readTokens(metadata);
  const { addsStart, ...encoding } =
    kind === 'gpt2' ? bytePairEncoding(metadata, tokens) : sentencePieceEncoding(metadata, tokens);
  const startId = metadata.boolean(field('add_bos_token'), addsStart)
    ? readId(metadata, 'bos_token_id', tokens)
    : undefined;
  const fillInMiddle = readFillInMiddle(metadata, tokens);
  return createHuggingFaceTokenizer({
    ...encoding,
    special: new Map(tokens.filter(({ isSpecial }) => isSpecial).map(({ text, id }) => [text, id])),
    endIds: endFields.map(name => readId(metadata, name, tokens)).filter(id => id !== undefined),
    ...(startId !== undefined && { startId }),
    ...(fillInMiddle && { fillInMiddle }),
  });
}

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
  if (types.length !== texts.length)
    throw new ModelFileError(
      metadata.path,
      field('token_type'),
      `found ${types.length} of them, expected ${texts.length}, one for each token`,
    );
  return texts.map((text, id) => {
    const type = types[id]!;
    // For some families, converters write the marks of fill-in-the-middle as user-defined tokens.
    const isSpecial =
      type === tokenType.control || (type === tokenType.userDefined && looksSpecial.test(text));
    return { id, text, type, isSpecial };
  });
}

const looksSpecial = /^(<[^\s<>]+>|\[[A-Z]+\]|▁<[A-Z]+>)$/;

/** @param normalized whether they are spelled as in a normalised text (spaces as U+2581) */
function addedTokens(tokens: readonly Token[], normalized: boolean): readonly object[] {
  return tokens
    .filter(({ type, isSpecial }) => type === tokenType.userDefined && !isSpecial)
    .map(({ id, text }) => ({ id, content: text, special: false, normalized }));
}

type Encoding = Pick<HuggingFaceVocabulary, 'json' | 'bytesOfId' | 'textPrefix'> & {
  /** Whether a text begins with the start token, where the file does not say it. */
  readonly addsStart: boolean;
};

/** Byte-level byte-pair encoding, as in GPT-2: each byte is spelled as one character. */
function bytePairEncoding(metadata: JsonFile, tokens: readonly Token[]): Encoding {
  const pre = metadata.string(field('pre'), { oneOf: Object.keys(preTokenizers) });
  const { patterns, ignoresMerges = false, addsStart = false } = preTokenizers[pre]!;
  const vocab = vocabOf(metadata, tokens);
  return {
    json: {
      added_tokens: addedTokens(tokens, false),
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
    bytesOfId: tokens.map(token => bytesOfByteLevel(metadata, token)),
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

/**
 * Byte-pair encoding as in SentencePiece: a space is spelled as U+2581, merges go by score, and a character without a
 * token becomes its bytes.
 */
function sentencePieceEncoding(metadata: JsonFile, tokens: readonly Token[]): Encoding {
  const scores = metadata.array(field('scores'), isNumber, 'a list of numbers');
  if (scores.length !== tokens.length)
    throw new ModelFileError(
      metadata.path,
      field('scores'),
      `found ${scores.length} of them, expected ${tokens.length}, one for each token`,
    );
  const hasPrefix = metadata.boolean(field('add_space_prefix'), true);
  const mergeable = tokens
    .filter(({ type }) => type === tokenType.normal)
    .map(({ id, text }) => ({ text, score: scores[id]! }));
  const unknown = tokens[readId(metadata, 'unknown_token_id', tokens) ?? 0]?.text;
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
        merges: scoreMerges(mergeable),
        unk_token: unknown,
        fuse_unk: true,
        byte_fallback: true,
      },
    },
    bytesOfId: tokens.map(bytesOfSentencePiece),
    addsStart: true,
    ...(hasPrefix && { textPrefix: ' ' }),
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
