/**
 * The model's last text, while the user types the same characters. The rest of it is the answer. If that is still likely
 * enough, no model runs. If the user deletes the typed characters, the whole text comes back.
 */
import { type DocumentSnapshot, followingLines, lineSuffix } from '../../document/document-snapshot';
import { isOnlyClosers } from '../../document/words';
import { calibrate, dropTyped, isEnough, type WrittenText } from '../judge';
import type { CompletionRequest } from '../request';
import { type Memory, minConfidenceFor, nothingFound, type Source } from './source';

export interface TypedAlong {
  readonly source: Source;
  readonly memory: Memory;
  /**
   * @returns the rest of the text at this place; undefined if the user moved away, typed something else, or typed all of
   * it, or if the text was cut and what is missing could be shown by now
   */
  remainder(request: Pick<CompletionRequest, 'document' | 'trigger' | 'settings'>): WrittenText | undefined;
  forget(): void;
}

interface Last {
  readonly document: DocumentSnapshot;
  readonly written: WrittenText;
  /** The user asked for it and saw it. */
  readonly isAskedFor: boolean;
}

/** Characters below the cursor's line that must be unchanged. */
const comparedSuffix = 200;

export function createTypedAlong(): TypedAlong {
  let last: Last | undefined;

  // A text that the user asked for stays, even if it is unlikely.
  const enoughFor = (request: Pick<CompletionRequest, 'trigger' | 'settings'>) =>
    last?.isAskedFor ? 0 : minConfidenceFor(request);
  const remainder: TypedAlong['remainder'] = request => {
    const written = last && remainderOf(last, request.document);
    return written && isEnough(written, enoughFor(request)) ? written : undefined;
  };

  return {
    remainder,
    source(request) {
      const written = remainder(request);
      if (written === undefined) return nothingFound;
      const enough = enoughFor(request);
      return { source: 'typed-along', words: calibrate(written), enough, written };
    },
    memory: {
      remember({ document, trigger }, { source, written }, { shown }) {
        const isAskedFor = trigger === 'manual' && shown !== undefined && shown.source !== 'copied';
        if (source !== 'typed-along' && written !== undefined) last = { document, written, isAskedFor };
        else if (source === 'typed-along' && isAskedFor) last = last && { ...last, isAskedFor };
      },
    },
    forget() {
      last = undefined;
    },
  };
}

function remainderOf(
  { document: before, written }: Last,
  document: DocumentSnapshot,
): WrittenText | undefined {
  if (before.uri !== document.uri || below(before) !== below(document)) return undefined;
  if (!isSameRest(lineSuffix(before), lineSuffix(document))) return undefined;
  const typed = typedSince(before, document);
  if (typed === undefined || !written.text.startsWith(typed)) return undefined;
  const left = dropTyped(written, typed.length);
  return left.text === '' ? undefined : { ...written, ...left };
}

const below = (document: DocumentSnapshot) => followingLines(document).slice(0, comparedSuffix);

/** Whether the same stands right of the cursor, apart from what editors close and users type over. */
function isSameRest(before: string, now: string): boolean {
  const [longer, shorter] = before.length > now.length ? [before, now] : [now, before];
  return longer.endsWith(shorter) && isOnlyClosers(longer.slice(0, longer.length - shorter.length));
}

/** The text between the cursors of two snapshots; undefined if the text before the first cursor changed. */
function typedSince(before: DocumentSnapshot, now: DocumentSnapshot): string | undefined {
  const grown = now.prefixOffset + now.prefix.length - (before.prefixOffset + before.prefix.length);
  if (grown < 0 || grown > now.prefix.length) return undefined;
  const unchanged = now.prefix.slice(0, now.prefix.length - grown);
  const isSame = unchanged.endsWith(before.prefix) || before.prefix.endsWith(unchanged);
  return isSame ? now.prefix.slice(now.prefix.length - grown) : undefined;
}
