/**
 * SentencePiece merges the two neighbours whose union has the highest score; byte-pair encoding wants a list of pairs
 * instead. So: every way to cut a token into two tokens is a merge, the best union's first, and of one union's the
 * leftmost part's first.
 * Source: https://github.com/huggingface/transformers, `convert_slow_tokenizer.py`, `generate_merges`.
 */
export interface ScoredToken {
  readonly text: string;
  readonly score: number;
}

export function scoreMerges(tokens: readonly ScoredToken[]): [string, string][] {
  const rank = new Map(tokens.map(({ text }, index) => [text, index]));
  const merges: [string, string][] = [];
  // A sort keeps the order of equals.
  for (const { text } of [...tokens].sort((a, b) => b.score - a.score)) {
    const pairs: [string, string][] = [];
    for (let at = 1; at < text.length && text.length <= longestToken; at++) {
      const pair: [string, string] = [text.slice(0, at), text.slice(at)];
      if (rank.has(pair[0]) && rank.has(pair[1])) pairs.push(pair);
    }
    pairs.sort((a, b) => rank.get(a[0])! - rank.get(b[0])! || rank.get(a[1])! - rank.get(b[1])!);
    merges.push(...pairs);
  }
  return merges;
}

/** SentencePiece's own limit is 16 characters; a damaged file's token could be megabytes long. */
const longestToken = 256;
