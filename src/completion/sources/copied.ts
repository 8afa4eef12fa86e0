/**
 * A source without a model: the text before the cursor stood in the document or in another file before, and what followed
 * there may follow here. It is copied word by word, as long as those places agree.
 *
 * This is the pointer of a pointer sentinel mixture (Merity et al., 2017, arXiv 1609.07843). Its probabilities come from
 * a logistic regression instead of an attention.
 */
import { type DocumentSnapshot, linePrefix } from '../../document/document-snapshot';
import { endsInWord, indentationOf, isLineBreak, nextWord } from '../../document/words';
import type { OtherFile } from '../../other-files/other-file';
import { sigmoid } from '../judge/calibrate';
import type { ScoredText } from '../judge/scored-text';
import type { Scope } from '../when/scope';
import { type DocumentMatch, findMatches } from './document-matches';
import { nothingFound, type Source } from './source';

/**
 * A copy this likely is shown at once. To ask the model as well costs a run and brought nothing (docs/log.md,
 * "Copies: what was tried").
 */
const sureCopy = 0.5;

export const copied: Source = ({ document, scope, settings, trigger, otherFiles, trace }) => {
  if (!settings.copies) return nothingFound;
  const files = settings.otherFiles === 'never' ? [] : otherFiles?.();
  const { places, ...words } = copyText(document, scope, files);
  trace?.({ step: 'copied', places, words });
  if (words.text === '') return nothingFound;
  // If the user asks, the copy is compared with what the model says.
  const enough =
    trigger === 'automatic' ? Math.max(sureCopy, settings.minConfidence) : Number.POSITIVE_INFINITY;
  return { source: 'copied', words, enough };
};

/** A text by words, each with the probability that it is right if the words before it are. */
export interface CopiedText extends ScoredText {
  /** Places that it was chosen from. */
  readonly places: number;
}

/** A copy that is less likely than this is never shown. */
const minLogProb = Math.log(0.01);

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
  const tokenTexts: string[] = [];
  const logProbs: number[] = [];
  for (let sum = 0; ; ) {
    const next = likeliest(nextWords(matches, text, isInsideWord));
    if (next === undefined || endsScope(next.word)) break;
    sum += next.logProb;
    if (sum < minLogProb) break;
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

/** What may come after `written`, which is copied already: the next words of the places that agree with it so far. */
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
  // The square of the length: one long match outweighs several short ones. A far match counts a little less.
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
 * Weights of a logistic regression, printed by `npm run -s fit:sources` from files of the repositories that
 * `bench/corpus/source-texts.ts` names (docs/log.md, "Copies from the document"). The features times their weights add
 * up to the log odds of a word being right. Lengths and counts are logarithms.
 */
export const copyWeights = {
  bias: -2.965,
  /** Equal characters before the cursor, at the longest match that says this word, and at the longest that does not. */
  longest: 1.192,
  longestOther: -0.84,
  /** Places that say this word, and places that do not. */
  places: 0.73,
  otherPlaces: -0.204,
  /** Share of all places that say this word; long and near ones count more. */
  share: 2.745,
  isUndisputed: -1.76,
  /** Characters to the nearest place that says this word. */
  nearest: -0.145,
  /** The word begins before the cursor. */
  isInsideWord: 0.567,
  isLineBreak: 2.41,
};

export type CopyFeature = keyof typeof copyWeights;
