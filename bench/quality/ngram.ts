/**
 * A rival without a model. It finds the text before the cursor elsewhere in the same file, and suggests what follows
 * there, up to the end of the line. Knows nothing of brackets or languages.
 */

export interface Match {
  readonly text: string;
  /** Characters before the cursor that are the same before the match. */
  readonly length: number;
}

/** Words and signs before the cursor that must agree. White space does not count. */
const minTokens = 3;
/** Characters before the cursor that are compared. */
const maxCharacters = 400;

/**
 * @returns the longest match, of equal ones the nearest before the cursor; undefined without a match, or if the line ends
 *   there
 */
export function completeByMatch(prefix: string, suffix: string): Match | undefined {
  const needle = lastTokens(prefix);
  if (needle === undefined) return undefined;
  let best: { readonly end: number; readonly length: number; readonly within: string } | undefined;
  // Text above the cursor wins over text below: a user is more likely to repeat it.
  for (const within of [prefix, suffix]) {
    // The text before the cursor must not match itself.
    let at = (within === prefix ? prefix.slice(0, -1) : within).lastIndexOf(needle);
    while (at !== -1) {
      const end = at + needle.length;
      const length = needle.length + sharedEnd(within, at, prefix, prefix.length - needle.length);
      if (best === undefined || length > best.length) best = { end, length, within };
      at = at === 0 ? -1 : within.lastIndexOf(needle, at - 1);
    }
  }
  if (best === undefined) return undefined;
  const text = /^[^\n]*/.exec(best.within.slice(best.end))![0].trimEnd();
  return text === '' ? undefined : { text, length: best.length };
}

/** The last `minTokens` words and signs of `text`, with the white space between them and behind them. */
function lastTokens(text: string): string | undefined {
  const tokens = [...text.slice(-maxCharacters).matchAll(/[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$]/gu)];
  const first = tokens.at(-minTokens);
  return tokens.length < minTokens ? undefined : text.slice(-maxCharacters).slice(first?.index);
}

/** How many characters are the same before `aEnd` in `a` and before `bEnd` in `b`. */
function sharedEnd(a: string, aEnd: number, b: string, bEnd: number): number {
  let length = 0;
  while (length < maxCharacters && length < aEnd && a[aEnd - 1 - length] === b[bEnd - 1 - length]) length++;
  return length;
}
