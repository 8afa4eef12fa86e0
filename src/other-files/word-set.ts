/**
 * How alike two pieces of code are: the Jaccard index of the identifiers that occur in them, shared ones over all
 * (Jaccard, 1912). Order and number do not count, so a renamed copy is unlike and a reordered one is alike.
 */

/** The identifiers of a text, without the words that any code has. Letters, digits, `_` and `$`, three or more. */
export function wordSet(text: string): ReadonlySet<string> {
  // Whatever is not ASCII counts as a letter: Unicode's own classes take several times as long.
  const words = new Set(text.match(/[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]{2,}/g));
  for (const word of commonWords) words.delete(word);
  return words;
}

/** @returns 0 for nothing in common, 1 for the same; 0 for two empty sets */
export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const word of small) if (large.has(word)) shared++;
  return shared === 0 ? 0 : shared / (a.size + b.size - shared);
}

/** Keywords of the languages that most code is in: they say nothing of what a piece of code is about. */
const commonWords: ReadonlySet<string> = new Set(
  (
    'abstract and any async await bool boolean break case catch chan char class const continue def default defer del ' +
    'elif else end enum except export extends false final finally float fmt for from func function global goto impl ' +
    'implements import include int interface lambda let map match mut namespace new nil None not null number object ' +
    'out override package private protected pub public raise range readonly return self static string struct super ' +
    'switch template this throw throws trait True False true try type typeof undefined union use using var virtual ' +
    'void where while with yield'
  ).split(' '),
);
