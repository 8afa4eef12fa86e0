/**
 * A `tokenizer.json` through `@huggingface/tokenizers`, behind our interface. Only the merging is the library's: ids
 * become bytes here, because a token may end inside a character.
 */
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import type { Tokenizer } from './tokenizer';

export interface HuggingFaceParts {
  /** The object of a `tokenizer.json`, without the special tokens: their spelling in a text is ordinary text. */
  readonly json: object;
  /** What each id stands for; nothing for a special token. */
  readonly bytesOfId: readonly Uint8Array[];
  readonly special: ReadonlyMap<string, number>;
  /** Put in front of each text. A normalizer that did so would do it to the added tokens, too. */
  readonly textPrefix?: string;
  /** Stands in front of every text that the model has seen. */
  readonly startId?: number;
  readonly endIds: readonly number[];
  readonly fillInMiddle?: Tokenizer['fillInMiddle'];
}

export function createHuggingFaceTokenizer(parts: HuggingFaceParts): Tokenizer {
  const { json, bytesOfId, special, textPrefix = '', startId, endIds, fillInMiddle } = parts;
  const tokenizer = new HuggingFaceTokenizer(json, {});
  return {
    vocabulary: bytesOfId.length,
    // A lone surrogate is no character: U+FFFD stands for it, as everywhere in UTF-8.
    encode: text =>
      text === '' ? [] : tokenizer.encode(textPrefix + wellFormed(text), { add_special_tokens: false }).ids,
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

function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}
