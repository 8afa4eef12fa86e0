/**
 * A rival without a model: what followed the last time that the text before the cursor stood in the same file, up to
 * the end of its line. Knows nothing of brackets or languages.
 */

export interface Match {
  readonly text: string;
  /** Characters before the cursor that stand before the match too. */
  readonly length: number;
}

/** Words and signs before the cursor that must agree, at least; white space does not count. */
const leastTokens = 3;
/** Characters before the cursor that are compared, at most. */
const mostCharacters = 400;

/** @returns the longest match, of two the one nearest before the cursor; undefined without one, or where its line ends */
export function completeByMatch(prefix: string, suffix: string): Match | undefined {
  const least = lastTokens(prefix);
  if (least === undefined) return undefined;
  let best: { readonly end: number; readonly length: number; readonly within: string } | undefined;
  // What stands above the cursor counts more, as it is the more likely model of what is written next.
  for (const within of [prefix, suffix]) {
    // The cursor's own text is not a match for itself.
    let at = (within === prefix ? prefix.slice(0, -1) : within).lastIndexOf(least);
    while (at !== -1) {
      const end = at + least.length;
      const length = least.length + sharedEnd(within, at, prefix, prefix.length - least.length);
      if (best === undefined || length > best.length) best = { end, length, within };
      at = at === 0 ? -1 : within.lastIndexOf(least, at - 1);
    }
  }
  if (best === undefined) return undefined;
  const text = /^[^\n]*/.exec(best.within.slice(best.end))![0].trimEnd();
  return text === '' ? undefined : { text, length: best.length };
}

/** The end of `text` that begins with its last few tokens. */
function lastTokens(text: string): string | undefined {
  const tokens = [...text.slice(-mostCharacters).matchAll(/[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$]/gu)];
  const first = tokens.at(-leastTokens);
  return tokens.length < leastTokens ? undefined : text.slice(-mostCharacters).slice(first?.index);
}

/** Characters that are the same before `a`'s and `b`'s places. */
function sharedEnd(a: string, aEnd: number, b: string, bEnd: number): number {
  let length = 0;
  while (length < mostCharacters && length < aEnd && a[aEnd - 1 - length] === b[bEnd - 1 - length]) length++;
  return length;
}
