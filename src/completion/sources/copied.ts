/**
 * A suggestion without a model: what followed the last times that the text before the cursor stood in the document or in
 * another file, word by word, as long as those places go on alike. A pointer's half of a pointer sentinel mixture (Merity
 * et al., 2017, arXiv 1609.07843), its probabilities those of a logistic regression instead of an attention's. Pure.
 */
import { type DocumentSnapshot, linePrefix } from '../../document/document-snapshot';
import { endsInWord, indentationOf, isLineBreak, nextWord } from '../../document/words';
import type { OtherFile } from '../../other-files/other-file';
import { sigmoid } from '../judge/calibrate';
import type { ScoredText } from '../judge/scored-text';
import { type CopyFeature, copyWeights } from '../judge/source-weights';
import type { Scope } from '../when/trigger';
import { type DocumentMatch, findMatches } from './document-matches';

/** A text by words, each with the probability that it is right where those before it are. */
export interface CopyCandidate extends ScoredText {
  /** Places that it was chosen from. */
  readonly places: number;
}

/** Below this share nobody would show it. */
const leastLogProb = Math.log(0.01);

export function copyCandidate(
  document: DocumentSnapshot,
  scope: Scope,
  otherFiles: readonly OtherFile[] = [],
): CopyCandidate {
  const matches = findMatches(document, otherFiles);
  const indentation = indentationOf(linePrefix(document));
  const isInsideWord = endsInWord(document.prefix);
  const endsScope = (word: string) =>
    isLineBreak(word) &&
    (scope === 'line' || indentationOf(word.slice(word.lastIndexOf('\n') + 1)) < indentation);
  let text = '';
  const tokenTexts: string[] = [];
  const logProbs: number[] = [];
  for (let sum = 0; ; ) {
    const next = likeliest(nextWords(matches, text, isInsideWord));
    if (next === undefined || endsScope(next.word)) break;
    sum += next.logProb;
    if (sum < leastLogProb) break;
    text += next.word;
    tokenTexts.push(next.word);
    logProbs.push(next.logProb);
  }
  return { text, tokenTexts, logProbs, places: matches.length };
}

export interface NextWord {
  readonly word: string;
  readonly features: Readonly<Record<CopyFeature, number>>;
}

/** What may come after `written`, which is copied already: what the places that went on so far go on with. */
export function nextWords(
  matches: readonly DocumentMatch[],
  written: string,
  isInsideWord: boolean,
): readonly NextWord[] {
  const alive = matches.filter(({ next }) => next.length > written.length && next.startsWith(written));
  const byWord = new Map<string, DocumentMatch[]>();
  for (const match of alive) {
    const word = nextWord(match.next, written.length);
    const agreeing = byWord.get(word);
    if (agreeing === undefined) byWord.set(word, [match]);
    else agreeing.push(match);
  }
  const copied = written.replaceAll(/\s/g, '').length;
  // As the square of a length, so that one long match outweighs several short ones; a far one counts a little less.
  const weigh = (some: readonly DocumentMatch[]) =>
    some.reduce((sum, { length, distance }) => sum + (length + copied) ** 2 / (4 + Math.log1p(distance)), 0);
  const longest = (some: readonly DocumentMatch[]) =>
    Math.log1p(Math.max(0, ...some.map(({ length }) => length + copied)));
  const whole = weigh(alive);
  return [...byWord].map(([word, agreeing]) => {
    const others = alive.filter(match => !agreeing.includes(match));
    return {
      word,
      features: {
        bias: 1,
        longest: longest(agreeing),
        longestOther: longest(others),
        places: Math.log1p(agreeing.length),
        otherPlaces: Math.log1p(others.length),
        share: weigh(agreeing) / whole,
        isUndisputed: others.length === 0 ? 1 : 0,
        nearest: Math.log1p(Math.min(...agreeing.map(({ distance }) => distance))),
        isInsideWord: isInsideWord && written === '' ? 1 : 0,
        isLineBreak: isLineBreak(word) ? 1 : 0,
      },
    };
  });
}

function likeliest(words: readonly NextWord[]) {
  let best: { readonly word: string; readonly logit: number } | undefined;
  for (const { word, features } of words) {
    let logit = 0;
    for (const [name, weight] of Object.entries(copyWeights)) logit += weight * features[name as CopyFeature];
    if (best === undefined || logit > best.logit) best = { word, logit };
  }
  return best && { word: best.word, logProb: Math.log(sigmoid(best.logit)) };
}
