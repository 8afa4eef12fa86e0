/**
 * A user who types a stretch of a file and accepts right suggestions. Pure: the suggestion at each place is given.
 *
 * The rule: at each stop of the cursor the user looks at the suggestion, if one is shown.
 *
 * - The suggestion is **right** if its first line is what the file has next, ends where a token ends, and leaves no
 *   bracket right of the cursor that the file does not have. A right suggestion may stop before its line does. It is
 *   **whole** as well if it reaches the end of the line, or of what is typed of it. It is **new** if the document has
 *   nowhere what it makes of the word at the cursor: that word and the suggestion, white space aside.
 * - The user **accepts** it, with one key, if all its lines are right and it saves at least one key. A right line above
 *   a wrong line is not accepted, because the user would have to clean up.
 * - Else the user types the next character. A line break brings its indentation along. While the user types along, it is
 *   still the same suggestion and counts once.
 * - At the end of the stretch the user wants nothing more: any suggestion there is wrong.
 */
import { keysOf } from '../../src/document/words';
import { closersAt, documentAt, nextKey, type Stretch } from './stretches';

export interface Suggestion {
  readonly text: string;
  /** Characters right of the cursor that `text` replaces. */
  readonly replaceAfter: number;
  /** Its own probability to be right, 0 to 1. */
  readonly confidence: number;
}

/** Asks a peer for its suggestion at a place of a stretch; undefined if it has none. */
export type Suggest = (stretch: Stretch, at: number) => Promise<Suggestion | undefined>;

/** The suggestion at each stop of a stretch, by its place in the file. */
export type Answers = ReadonlyMap<number, Suggestion>;

export interface Shown {
  readonly at: number;
  readonly suggestion: Suggestion;
  readonly isRight: boolean;
  readonly isWhole: boolean;
  readonly isNew: boolean;
  /** Keys that the user saved by accepting it; 0 if it was not accepted. */
  readonly saved: number;
}

export interface Replay {
  readonly stretch: Stretch;
  /** Keys without suggestions. */
  readonly characters: number;
  /** Keys with suggestions. */
  readonly keystrokes: number;
  /** The distinct suggestions. */
  readonly shown: readonly Shown[];
}

export function replay(
  stretch: Stretch,
  answers: Answers,
  isConfident: (suggestion: Suggestion) => boolean = () => true,
): Replay {
  const { source, from, to } = stretch;
  const shown: Shown[] = [];
  let keystrokes = 0;
  /** The rest of the suggestion that was shown before the last key, if the key typed its beginning. */
  let left: string | undefined;
  for (let at = from; ; ) {
    const found = answers.get(at);
    const suggestion = found !== undefined && found.text !== '' && isConfident(found) ? found : undefined;
    const saved = suggestion === undefined ? 0 : savedBy(stretch, at, suggestion);
    if (suggestion !== undefined && suggestion.text !== left)
      shown.push({ at, suggestion, ...judge(stretch, at, suggestion), saved });
    else if (suggestion !== undefined && saved > 0) shown.push({ ...shown.pop()!, saved });
    if (suggestion !== undefined && saved > 0) {
      keystrokes++;
      at = skipIndentation(source.text, at + suggestion.text.length, to);
      left = undefined;
    } else {
      if (at >= to) break;
      const key = nextKey(source.text, at);
      keystrokes++;
      at += key.length;
      left = suggestion?.text.startsWith(key) ? suggestion.text.slice(key.length) : undefined;
    }
  }
  return { stretch, characters: keysOf(source.text.slice(from, to)), keystrokes, shown };
}

/** Keys that accepting the suggestion saves; 0 if the user does not accept it. */
function savedBy(stretch: Stretch, at: number, suggestion: Suggestion): number {
  return isRightUpTo(stretch, at, suggestion, suggestion.text) ? keysOf(suggestion.text) - 1 : 0;
}

function judge(stretch: Stretch, at: number, suggestion: Suggestion) {
  const line = /^\s*[^\n]*/.exec(suggestion.text)![0];
  const isRight = isRightUpTo(stretch, at, suggestion, line);
  const end = at + line.length;
  const isWhole = isRight && (end === stretch.to || stretch.source.text.charAt(end) === '\n');
  return { isRight, isWhole, isNew: isNew(stretch, at, suggestion) };
}

/** Whether nothing else in the document reads as the suggestion does, with the part of its first word that is typed. */
function isNew(stretch: Stretch, at: number, { text }: Suggestion): boolean {
  const { prefix, suffix } = documentAt(stretch, at);
  const typed = /[\p{L}\p{N}_$]*$/u.exec(prefix)![0];
  const bare = (code: string) => code.replace(/\s+/g, '');
  return !bare(`${prefix}\n${suffix}`).includes(bare(typed + text));
}

/** @param text the beginning of the suggestion that must be right */
function isRightUpTo(stretch: Stretch, at: number, suggestion: Suggestion, text: string): boolean {
  const { source, to } = stretch;
  const end = at + text.length;
  if (end > to || !source.text.startsWith(text, at)) return false;
  if (text.length < suggestion.text.length) return source.text.charAt(end) === '\n' || end === to;
  if (/[\p{L}\p{N}_$]{2}/u.test(source.text.slice(end - 1, Math.min(end + 1, to)))) return false;
  return closersAt(stretch, end).endsWith(closersAt(stretch, at).slice(suggestion.replaceAfter));
}

/** After a suggestion that ends in a line break, the editor indents. */
function skipIndentation(text: string, at: number, to: number): number {
  const isLineStart = /\n[ \t]*$/.test(text.slice(0, at));
  return isLineStart ? Math.min(to, at + /^[ \t]*/.exec(text.slice(at))![0].length) : at;
}
