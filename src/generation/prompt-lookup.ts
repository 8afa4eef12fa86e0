/**
 * Guesses the next tokens without a model: where the last few occurred before, what followed them there may follow
 * again. Code repeats itself, and a prompt holds the names that will be used (Saxena, "Prompt Lookup Decoding", 2023,
 * github.com/apoorvumang/prompt-lookup-decoding). Knows ids only; whether a guess is right the model says.
 */

/** The longest run of last tokens that is looked for, and the shortest that counts. */
const longestMatch = 4;
const shortestMatch = 2;

/**
 * @param history the tokens so far, the prompt's included
 * @param limit ids at most
 * @returns what followed the longest match, the latest of several; empty where there is none
 */
export function promptLookup(history: readonly number[], limit: number): readonly number[] {
  const end = history.length;
  const last = history[end - 1];
  let best = 0;
  let bestLength = shortestMatch - 1;
  for (let at = end - 1; at >= shortestMatch; at--) {
    if (history[at - 1] !== last) continue;
    const length = matchLength(history, at);
    if (length <= bestLength) continue;
    best = at;
    bestLength = length;
    if (length === longestMatch) break;
  }
  return best === 0 ? [] : history.slice(best, Math.min(best + limit, end));
}

/** How many tokens before place `at` are the last ones of all. */
function matchLength(history: readonly number[], at: number): number {
  let length = 1;
  while (
    length < longestMatch &&
    length < at &&
    history[at - 1 - length] === history[history.length - 1 - length]
  )
    length++;
  return length;
}
