/**
 * A text's words, as suggestions are judged and cut by: a word or a sign with the blanks before it, or a line break with
 * the indentation after it. Unlike a vocabulary's tokens they are the same for every model, and for none.
 */

/** @returns the word that begins at `at`; blanks that nothing follows are one too; empty at the end of the text */
export function nextWord(text: string, at: number): string {
  const word = /[ \t]*(?:[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$])|\s*\n[ \t]*|\s+$/uy;
  word.lastIndex = at;
  return word.exec(text)?.[0] ?? text.slice(at, at + 1);
}

export function isLineBreak(word: string): boolean {
  return word.includes('\n');
}
