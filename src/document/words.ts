/**
 * Words and indentation, as suggestions are cut and judged by them. A word, or a sign, has the blanks before it; a line
 * break has the indentation after it. Unlike a vocabulary's tokens, words are the same for every model.
 */

/** @returns the word that begins at `at`; blanks at the end of the text are a word too; empty at the end of the text */
export function nextWord(text: string, at: number): string {
  const word = /[ \t]*(?:[\p{L}\p{M}\p{N}_$]+|[^\s\p{L}\p{M}\p{N}_$])|\s*\n[ \t]*|\s+$/uy;
  word.lastIndex = at;
  const end = at + (word.exec(text)?.[0].length ?? 1);
  return text.slice(at, characterEnd(text, end, at));
}

/** A character as a reader sees it: an emoji of several code points, a letter with its accents. */
const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** Characters as a reader sees them are hardly ever longer, in UTF-16 units. */
const maxCharacter = 64;

/** @returns `end`, or the end of the character that `end` would cut in two. @param from a place before `end` where a character begins */
function characterEnd(text: string, end: number, from: number): number {
  // Below U+0300 every code point begins a character.
  if (end >= text.length || text.charCodeAt(end) < 0x300) return end;
  const start = Math.max(from, end - maxCharacter);
  const found = characters.segment(text.slice(start, end + maxCharacter)).containing(end - start);
  return found === undefined || start + found.index === end
    ? end
    : start + found.index + found.segment.length;
}

/** @returns the largest place up to `end` that cuts no character in two, as a reader sees characters */
export function wholeCharacters(text: string, end: number): number {
  if (end >= text.length || (text.charCodeAt(end) < 0x300 && text.charCodeAt(end - 1) !== 0x200d)) return end;
  const start = Math.max(0, end - maxCharacter);
  const found = characters.segment(text.slice(start, end + maxCharacter)).containing(end - start);
  return found === undefined ? end : start + found.index;
}

/** @returns the word or sign that ends the text, without blanks; undefined if the text is empty or ends in blanks */
export function lastWord(text: string): string | undefined {
  return /(?:[\p{L}\p{M}\p{N}_$]+|[^\s\p{L}\p{M}\p{N}_$])$/u.exec(text)?.[0];
}

/** How many keys a person types for `text`. A line break brings the indentation after it along. */
export function keysOf(text: string): number {
  return text.match(/\r?\n[ \t]*|./gsu)?.length ?? 0;
}

/** @param word as `nextWord` returns it */
export function isLineBreak(word: string): boolean {
  return word.includes('\n');
}

export function startsInWord(text: string): boolean {
  return /^[\p{L}\p{M}\p{N}_$]/u.test(text);
}

export function endsInWord(text: string): boolean {
  // Two UTF-16 units, because a letter may be a surrogate pair.
  return /[\p{L}\p{M}\p{N}_$]$/u.test(text.slice(-2));
}

/** Whether the UTF-16 unit at `at` is a letter, a digit, `_` or `$`. Half of a surrogate pair is none of them. */
export function isWordCharacter(text: string, at: number): boolean {
  return /[\p{L}\p{M}\p{N}_$]/u.test(text.charAt(at));
}

/** Whether a line ends with an opening bracket or a colon, so that the next line is usually deeper. */
export function endsInOpener(line: string): boolean {
  return /[([{:]\s*$/.test(line);
}

/** Whether a text has only what an editor closes by itself, and what ends a statement: `");`. */
export function isOnlyClosers(text: string): boolean {
  return /^[)\]}"'`>;,\s]*$/.test(text);
}

/** @returns columns of the line's leading blanks; a tab counts as four, which matters only if tabs and blanks are mixed */
export function indentationOf(line: string): number {
  const blanks = /^[ \t]*/.exec(line)![0];
  return blanks.replaceAll('\t', '    ').length;
}
