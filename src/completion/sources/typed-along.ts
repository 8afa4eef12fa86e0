/**
 * The last text the model gave, for as long as the user types what it says: then the remainder is the answer and no
 * model runs. Deleting back to where it was asked for brings it back too.
 */
import { type DocumentSnapshot, followingLines } from '../../document/document-snapshot';
import { dropTyped, type ScoredText } from '../judge/scored-text';
import type { Scope } from '../when/trigger';

export interface GeneratedText extends ScoredText {
  readonly scope: Scope;
}

export interface Remainder extends GeneratedText {
  /** The user asked and saw it. */
  readonly wasAskedFor: boolean;
}

export interface LastSuggestion {
  remember(document: DocumentSnapshot, generated: GeneratedText): void;
  /** The user asked for what is remembered, and saw it. */
  markAskedFor(): void;
  /** What is left of the text at this place; undefined if the user went elsewhere, typed otherwise, or typed it all. */
  remainder(document: DocumentSnapshot): Remainder | undefined;
  forget(): void;
}

/** Characters below the cursor's line that must be unchanged. */
const comparedSuffix = 200;

export function createLastSuggestion(): LastSuggestion {
  let last: { readonly document: DocumentSnapshot; readonly generated: Remainder } | undefined;
  return {
    remember(document, generated) {
      last = { document, generated: { ...generated, wasAskedFor: false } };
    },
    markAskedFor() {
      if (last) last = { ...last, generated: { ...last.generated, wasAskedFor: true } };
    },
    remainder(document) {
      if (last === undefined || last.document.uri !== document.uri) return undefined;
      if (below(last.document) !== below(document)) return undefined;
      const typed = typedSince(last.document, document);
      if (typed === undefined || !last.generated.text.startsWith(typed)) return undefined;
      const left = dropTyped(last.generated, typed.length);
      const { scope, wasAskedFor } = last.generated;
      return left.text === '' ? undefined : { ...left, scope, wasAskedFor };
    },
    forget() {
      last = undefined;
    },
  };
}

const below = (document: DocumentSnapshot) => followingLines(document).slice(0, comparedSuffix);

/** The text between two moments' cursors; undefined if the text before the first cursor changed. */
function typedSince(before: DocumentSnapshot, now: DocumentSnapshot): string | undefined {
  const grown = now.prefixOffset + now.prefix.length - (before.prefixOffset + before.prefix.length);
  if (grown < 0 || grown > now.prefix.length) return undefined;
  const unchanged = now.prefix.slice(0, now.prefix.length - grown);
  const isSame = unchanged.endsWith(before.prefix) || before.prefix.endsWith(unchanged);
  return isSame ? now.prefix.slice(now.prefix.length - grown) : undefined;
}
