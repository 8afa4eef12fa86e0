/**
 * Moves the threshold of confidence by what became of the suggestions: `sotto.minConfidence` says how likely a suggestion
 * must be right, and the model may be too sure, or not sure enough, in one language.
 *
 * The correction is one number for a language, added to the log odds of each confidence: Platt's scaling with the slope
 * fixed (Platt, Probabilistic Outputs for Support Vector Machines, 1999). A normal prior around zero keeps it small until
 * there is much evidence. So it needs no suggestions below the threshold, which are not shown.
 */
import { dayBefore } from './counts';

/** How often suggestions of one language were right on one day, by the confidence that they had. */
export interface Evidence {
  readonly day: string;
  readonly language: string;
  /** Suggestions that were right, by tenths of confidence: the first counts those below 0.1. */
  readonly right: readonly number[];
  readonly wrong: readonly number[];
}

/** How many classes of confidence there are. */
export const confidenceClasses = 10;
const noEvidence: readonly number[] = Array.from({ length: confidenceClasses }, () => 0);

/** Classes that are this far from the threshold no longer count. */
const reach = 0.35;
/** The threshold never moves further than this. */
export const maxMove = 0.15;
/** Evidence this old counts half. Models and users change. */
const halfLifeDays = 30;
/** Older evidence is dropped: it would count less than a sixteenth. */
export const learnedDays = 120;
/** Variance of the prior, in squared log odds. About 50 suggestions move the correction half of the way. */
const priorVariance = 1 / 12;

/** @param confidence 0 to 1 @returns its class, an index of `Evidence.right` */
export function confidenceClass(confidence: number): number {
  return Math.max(0, Math.min(confidenceClasses - 1, Math.floor(confidence * confidenceClasses)));
}

/** @returns the evidence of one suggestion */
export function evidenceOf(day: string, language: string, confidence: number, isRight: boolean): Evidence {
  const own = confidenceClass(confidence);
  const one = noEvidence.map((_, index) => (index === own ? 1 : 0));
  return { day, language, right: isRight ? one : noEvidence, wrong: isRight ? noEvidence : one };
}

/** @returns the evidence with that of the same day and language added up */
export function addEvidence(all: readonly Evidence[]): readonly Evidence[] {
  const sums = new Map<string, Evidence>();
  const add = (a: readonly number[], b: readonly number[]) => a.map((count, index) => count + b[index]!);
  for (const one of all) {
    const key = JSON.stringify([one.day, one.language]);
    const sum = sums.get(key);
    const { day, language } = one;
    sums.set(
      key,
      sum === undefined
        ? one
        : { day, language, right: add(sum.right, one.right), wrong: add(sum.wrong, one.wrong) },
    );
  }
  return [...sums.values()];
}

/**
 * @param evidence of one language
 * @param base the user's own threshold, 0 to 1. The thresholds 0 (show all) and 1 never move
 * @param today as in `Evidence.day`
 * @returns a threshold within `maxMove` of `base`: higher if suggestions were wrong more often than they said
 */
export function learnedThreshold(evidence: readonly Evidence[], base: number, today: string): number {
  if (base <= 0 || base >= 1) return base;
  const correction = findCorrection(weigh(evidence, base, today));
  const moved = probabilityAt(logOdds(base) - correction);
  return Math.max(base - maxMove, Math.min(base + maxMove, moved, 1), 0);
}

interface Weighed {
  readonly right: readonly number[];
  readonly wrong: readonly number[];
}

/**
 * Adds the days up. A day counts half as much as the day `halfLifeDays` later. A class counts the less the further it is
 * from the threshold: a text is chosen for its probability, so the likeliest ones are less often right than they say
 * however well the model is calibrated, and that is no reason to move a threshold further down.
 */
function weigh(evidence: readonly Evidence[], base: number, today: string): Weighed {
  const oldest = dayBefore(today, learnedDays);
  const sums = { right: [...noEvidence], wrong: [...noEvidence] };
  for (const { day, right, wrong } of evidence) {
    if (day < oldest) continue;
    const weight = 0.5 ** (daysBetween(day, today) / halfLifeDays);
    for (let index = 0; index < confidenceClasses; index++) {
      const near = Math.max(0, 1 - Math.abs(middleOf(index) - base) / reach);
      sums.right[index]! += near * weight * right[index]!;
      sums.wrong[index]! += near * weight * wrong[index]!;
    }
  }
  return sums;
}

/** The confidence in the middle of a class. */
const middleOf = (index: number) => (index + 0.5) / confidenceClasses;

const msOfDay = 24 * 60 * 60 * 1000;

function daysBetween(earlier: string, later: string): number {
  return Math.max(0, (Date.parse(later) - Date.parse(earlier)) / msOfDay);
}

/** Beyond this, in log odds, the threshold has long reached its bound. */
const maxCorrection = 4;
/** Halvings of the interval: the error is then far below the digits that are shown. */
const halvings = 40;

/**
 * The correction whose probability is highest, given the evidence and the prior. The derivative of its logarithm falls
 * all the way, so its only zero is found by halving an interval.
 */
function findCorrection({ right, wrong }: Weighed): number {
  const slope = (correction: number) => {
    let sum = -correction / priorVariance;
    for (let index = 0; index < confidenceClasses; index++) {
      const probability = probabilityAt(logOdds(middleOf(index)) + correction);
      sum += right[index]! * (1 - probability) - wrong[index]! * probability;
    }
    return sum;
  };
  let low = -maxCorrection;
  let high = maxCorrection;
  for (let step = 0; step < halvings; step++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const logOdds = (probability: number) => Math.log(probability / (1 - probability));
const probabilityAt = (odds: number) => 1 / (1 + Math.exp(-odds));
