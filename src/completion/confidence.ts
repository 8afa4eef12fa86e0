/**
 * How far a text can be believed, by the probabilities that the model gave its own tokens. Pure; knows nothing of what
 * the text says but where a word ends.
 */
import type { ScoredText } from './scored-text';

/** A token less likely than this share of the confidence that is asked for ends what is shown (docs/log.md). */
const fallShare = 1 / 4;

export interface Judgement {
  /** What may be shown; undefined if the text is not likely enough. */
  readonly text: string | undefined;
  /**
   * Probability of the first line that is left: the product of its tokens'. A long line has to be surer at each token;
   * their mean, which forgets the length, keeps fewer of those that are right (`bench:quality`; docs/log.md).
   */
  readonly confidence: number;
}

/**
 * Cuts a text where the model begins to guess, and gives it up if its first line is less likely than `least`.
 * @param least 0 to 1; 0 lets everything pass as it is
 */
export function judgeConfidence(generated: ScoredText, least: number): Judgement {
  const text = least === 0 ? generated.text : cutWhereItFalls(generated, Math.log(least * fallShare));
  const confidence = firstLineConfidence(generated, text);
  return { text: confidence >= least ? text : undefined, confidence };
}

function firstLineConfidence({ tokenTexts, logProbs }: ScoredText, text: string): number {
  const firstLine = text.length - text.trimStart().length;
  const lineBreak = text.indexOf('\n', firstLine);
  const end = lineBreak === -1 ? text.length : lineBreak;
  let sum = 0;
  let count = 0;
  for (let start = 0; start < end; start += tokenTexts[count++]!.length) sum += logProbs[count]!;
  return count === 0 ? 0 : Math.exp(sum);
}

/** The text up to its first token below `least`, and back from there to where a word ends. */
function cutWhereItFalls({ text, tokenTexts, logProbs }: ScoredText, least: number): string {
  let start = 0;
  for (const [index, token] of tokenTexts.entries()) {
    if (start >= text.length) return text;
    if (logProbs[index]! < least) return wholeLines(text.slice(0, wordEnd(text, start)));
    start += token.length;
  }
  return text;
}

/** The last place up to `at` that is not inside a word of `text`. */
function wordEnd(text: string, at: number): number {
  const isInside = (place: number) => /^\w$/.test(text[place - 1] ?? '') && /^\w$/.test(text[place] ?? '');
  while (at > 0 && isInside(at)) at--;
  return at;
}

/** Of several lines those that are whole; of a single one what there is. */
function wholeLines(text: string): string {
  const lines = text.slice(0, Math.max(0, text.lastIndexOf('\n')));
  return lines.trim() === '' ? text : lines;
}
