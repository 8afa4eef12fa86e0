/**
 * A source without a model. If the text before the cursor also stands elsewhere in the document or in another file, the
 * text that follows there is copied, word by word.
 *
 * This is the pointer of a pointer sentinel mixture (Merity et al., 2017, arXiv 1609.07843). The probabilities come from a
 * logistic regression instead of an attention.
 */

import { sigmoid } from '../../common/calibration';
import { type DocumentSnapshot, linePrefix } from '../../document/document-snapshot';
import { endsInWord, indentationOf, isLineBreak, nextWord } from '../../document/words';
import type { OtherFile } from '../../other-files/other-file';
import type { ScoredText } from '../judge';
import type { Scope } from '../request';
import { type DocumentMatch, findMatches } from './document-matches';
import { nothingFound, type Source } from './source';

/**
 * A copy this likely is shown at once. To ask the model as well costs a run, and saved no more keys
 * (docs/log.md, "Copies: what was tried").
 */
const sureCopy = 0.5;

export const copied: Source = ({ document, scope, settings, trigger, otherFiles, trace }) => {
  if (!settings.copies) return nothingFound;
  const files = settings.otherFiles === 'never' ? [] : otherFiles?.();
  const { places, ...words } = copyText(document, scope, files);
  trace?.({ step: 'copied', places, words });
  if (words.text === '') return nothingFound;
  // If the user asks, the model is asked too, and the likelier text is shown.
  const enough =
    trigger === 'automatic' ? Math.max(sureCopy, settings.minConfidence) : Number.POSITIVE_INFINITY;
  return { source: 'copied', words, enough };
};

/** A text by words. Each has the probability that it is right, given that the words before it are right. */
export interface CopiedText extends ScoredText {
  /** Number of places with the same text before them. */
  readonly places: number;
}

/** A copy ends before it becomes less likely than this. */
const minLogProb = Math.log(0.01);

/** @returns the copy up to the end of the scope, as long as it is likely enough */
export function copyText(
  document: DocumentSnapshot,
  scope: Scope,
  otherFiles: readonly OtherFile[] = [],
): CopiedText {
  const matches = findMatches(document, otherFiles);
  const indentation = indentationOf(linePrefix(document));
  const isInsideWord = endsInWord(document.prefix);
  const endsScope = (word: string) =>
    isLineBreak(word) &&
    (scope === 'line' || indentationOf(word.slice(word.lastIndexOf('\n') + 1)) < indentation);
  let text = '';
  const parts: string[] = [];
  const logProbs: number[] = [];
  for (let sum = 0; ; ) {
    const next = likeliest(nextWords(matches, text, isInsideWord));
    if (next === undefined || endsScope(next.word)) break;
    sum += next.logProb;
    if (sum < minLogProb) break;
    text += next.word;
    parts.push(next.word);
    logProbs.push(next.logProb);
  }
  return { text, parts, logProbs, places: matches.length };
}

export interface NextWord {
  readonly word: string;
  readonly features: Readonly<Record<CopyFeature, number>>;
}

/**
 * @param written the copy so far
 * @param isInsideWord whether the cursor is at the end of a word
 * @returns the words that follow `written` at the places that agree with it
 */
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
  // The length is squared, so that one long match counts more than several short ones. A far match counts a little less.
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

/**
 * Weights of a logistic regression. `npm run -s fit:sources` prints them, from files of the repositories in
 * `bench/corpus/source-texts.ts` (docs/log.md, "Copies from the document"). The sum of the features times their weights is
 * the log odds that the word is right. Lengths and counts enter as logarithms.
 */
export const copyWeights = {
  bias: -2.965,
  /** Length of the longest match that this word follows. */
  longest: 1.192,
  /** Length of the longest match that another word follows. */
  longestOther: -0.84,
  /** Places where this word follows. */
  places: 0.73,
  /** Places where another word follows. */
  otherPlaces: -0.204,
  /** Share of the places where this word follows. Long and near matches count more. */
  share: 2.745,
  /** This word follows at every place. */
  isUndisputed: -1.76,
  /** Characters between the cursor and the nearest place where this word follows. */
  nearest: -0.145,
  /** The word begins before the cursor. */
  isInsideWord: 0.567,
  isLineBreak: 2.41,
};

export type CopyFeature = keyof typeof copyWeights;
