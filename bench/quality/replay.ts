/**
 * A user who types a stretch of a file and takes what is right. Pure: what would be suggested at each place is given.
 *
 * The rule. At each stop of the cursor the user looks at the suggestion, if one is shown.
 *
 * - It is **right** if what it inserts, as far as its first line goes, is what the file says next, ends where a token
 *   ends, and leaves no bracket right of the cursor that the file has not got. A right one may stop before the line
 *   does; one that goes to the end of what is typed of the line is **whole** as well.
 * - The user **accepts** it, with one key, if it is right in all its lines and saves at least a key. A line that is
 *   right above one that is not is not accepted: nobody wants to clean up.
 * - Else the user types the next character; a line break brings its indentation along. A suggestion of which the next
 *   character is typed and the rest stays is still the same one: it counts once, whatever becomes of it.
 * - At the end of the stretch nothing more is wanted: whatever is shown there is wrong.
 */
import { closersAt, keysOf, nextKey, type Stretch } from './stretches';

export interface Suggestion {
  readonly text: string;
  /** Characters right of the cursor that `text` takes the place of. */
  readonly replaceAfter: number;
  /** How likely it says it is, 0 to 1. */
  readonly confidence: number;
}

/** Asks for what would be suggested; undefined for nothing. */
export type Suggest = (stretch: Stretch, at: number) => Promise<Suggestion | undefined>;

/** What would be suggested at each stop of a stretch, by its place. */
export type Answers = ReadonlyMap<number, Suggestion>;

export interface Shown {
  readonly at: number;
  readonly suggestion: Suggestion;
  readonly isRight: boolean;
  readonly isWhole: boolean;
  /** Keys that accepting it saved; 0 if it was not accepted. */
  readonly saved: number;
}

export interface Replay {
  readonly stretch: Stretch;
  /** Keys without any suggestion, and with them. */
  readonly characters: number;
  readonly keystrokes: number;
  /** Each distinct suggestion. */
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
  /** What is left of the suggestion on the screen after the last key. */
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

/** Keys that accepting the suggestion saves; 0 where it is not to be accepted. */
function savedBy(stretch: Stretch, at: number, suggestion: Suggestion): number {
  return isRightUpTo(stretch, at, suggestion, suggestion.text) ? keysOf(suggestion.text) - 1 : 0;
}

function judge(stretch: Stretch, at: number, suggestion: Suggestion) {
  const line = /^\s*[^\n]*/.exec(suggestion.text)![0];
  const isRight = isRightUpTo(stretch, at, suggestion, line);
  const end = at + line.length;
  return { isRight, isWhole: isRight && (end === stretch.to || stretch.source.text.charAt(end) === '\n') };
}

/** @param text the beginning of the suggestion that is looked at */
function isRightUpTo(stretch: Stretch, at: number, suggestion: Suggestion, text: string): boolean {
  const { source, to } = stretch;
  const end = at + text.length;
  if (end > to || !source.text.startsWith(text, at)) return false;
  if (text.length < suggestion.text.length) return source.text.charAt(end) === '\n' || end === to;
  if (/[\p{L}\p{N}_$]{2}/u.test(source.text.slice(end - 1, Math.min(end + 1, to)))) return false;
  return closersAt(stretch, end).endsWith(closersAt(stretch, at).slice(suggestion.replaceAfter));
}

/** A suggestion that ends in a line break leaves the cursor where the editor indents to. */
function skipIndentation(text: string, at: number, to: number): number {
  const isLineStart = /\n[ \t]*$/.test(text.slice(0, at));
  return isLineStart ? Math.min(to, at + /^[ \t]*/.exec(text.slice(at))![0].length) : at;
}
