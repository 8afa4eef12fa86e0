/**
 * Wraps the library `@huggingface/tokenizers` in our interface. The library only turns text into ids. Ids become bytes
 * here, because a token may end inside a character.
 */
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import type { Tokenizer } from './tokenizer';

export interface HuggingFaceVocabulary {
  /** The content of a `tokenizer.json` without its special tokens, so that their spelling in a text stays text. */
  readonly json: object;
  /** The bytes of each id. A special token has none. */
  readonly bytesOfId: readonly Uint8Array[];
  readonly special: ReadonlyMap<string, number>;
  /** Is put in front of each text. A normalizer would put it in front of the added tokens, too. */
  readonly textPrefix?: string;
  /** Whether a step of `json` puts a space in front of a text. */
  readonly putsSpace?: boolean;
  /** The token that begins every text, if the model was trained with one. */
  readonly startId?: number;
  readonly endIds: readonly number[];
  readonly fillInMiddle?: Tokenizer['fillInMiddle'];
}

export function createHuggingFaceTokenizer(vocabulary: HuggingFaceVocabulary): Tokenizer {
  const {
    json,
    bytesOfId,
    special,
    textPrefix = '',
    putsSpace = false,
    startId,
    endIds,
    fillInMiddle,
  } = vocabulary;
  const tokenizer = new HuggingFaceTokenizer(json, {});
  const encode = (text: string, prefix: string) =>
    text === '' ? [] : tokenizer.encode(prefix + wellFormed(text), { add_special_tokens: false }).ids;
  return {
    vocabulary: bytesOfId.length,
    encode: text => encode(text, textPrefix),
    ...(textPrefix !== '' && { encodeInside: text => encode(text, '') }),
    ...(putsSpace && {
      encodeInside: text => encode(text, alone).slice(encode(alone, '').length),
    }),
    bytes(id) {
      const bytes = bytesOfId[id];
      if (bytes === undefined) throw new RangeError(`id ${id} is not one of the ${bytesOfId.length}`);
      return bytes;
    },
    special: name => special.get(name),
    endIds,
    ...(startId !== undefined && { startId }),
    ...(fillInMiddle && { fillInMiddle }),
  };
}

/** A character of no language. It merges with nothing, so the text after it has its own tokens. */
const alone = '\ue000';

/** A lone surrogate is not a character. U+FFFD replaces it, as in every UTF-8 encoder. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}
