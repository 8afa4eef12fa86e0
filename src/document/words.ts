/**
 * Words and indentation, as suggestions are cut and judged by them. A word, or a sign, has the blanks before it; a line
 * break has the indentation after it. Unlike a vocabulary's tokens, words are the same for every model.
 */

/** @returns the word that begins at `at`; blanks at the end of the text are a word too; empty at the end of the text */
export function nextWord(text: string, at: number): string {
  const word = /[ \t]*(?:[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$])|\s*\n[ \t]*|\s+$/uy;
  word.lastIndex = at;
  return word.exec(text)?.[0] ?? text.slice(at, at + 1);
}

/** @returns the word or sign that ends the text, without blanks; undefined if the text is empty or ends in blanks */
export function lastWord(text: string): string | undefined {
  return /(?:[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$])$/u.exec(text)?.[0];
}

/** @param word as `nextWord` returns it */
export function isLineBreak(word: string): boolean {
  return word.includes('\n');
}

export function startsInWord(text: string): boolean {
  return /^[\p{L}\p{N}_$]/u.test(text);
}

export function endsInWord(text: string): boolean {
  // Two UTF-16 units, because a letter may be a surrogate pair.
  return /[\p{L}\p{N}_$]$/u.test(text.slice(-2));
}

/** Whether the UTF-16 unit at `at` is a letter, a digit, `_` or `$`. Half of a surrogate pair is none of them. */
export function isWordCharacter(text: string, at: number): boolean {
  return /[\p{L}\p{N}_$]/u.test(text.charAt(at));
}

/** Whether a line ends with an opening bracket or a colon, so that the next line is usually deeper. */
export function endsInOpener(line: string): boolean {
  return /[([{:]\s*$/.test(line);
}

/** @returns columns of the line's leading blanks; a tab counts as four, which matters only if tabs and blanks are mixed */
export function indentationOf(line: string): number {
  const blanks = /^[ \t]*/.exec(line)![0];
  return blanks.replaceAll('\t', '    ').length;
}
