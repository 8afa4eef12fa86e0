/**
 * Constants of the two sources' probabilities, printed by `npm run -s fit:sources` from files of the repositories that
 * `bench/corpus/source-texts.ts` names (docs/log.md, 2026-11-22). Weights of a logistic regression: their sum, each times
 * its feature, is the log odds of a word being right.
 */

/** Of a word that places of the document or of other files go on with (`copy-candidate.ts`). Lengths and counts are logarithms. */
export const copyWeights = {
  bias: -2.965,
  /** Characters before the cursor that are the same at the longest match that says so, and at the longest that does not. */
  longest: 1.192,
  longestOther: -0.84,
  /** Places that say so, and that do not. */
  places: 0.73,
  otherPlaces: -0.204,
  /** Share of all, long and near ones counting more. */
  share: 2.745,
  isUndisputed: -1.76,
  /** Characters to the nearest that says so. */
  nearest: -0.145,
  /** The word is begun before the cursor. */
  isInsideWord: 0.567,
  isLineBreak: 2.41,
};

export type CopyFeature = keyof typeof copyWeights;

/** Of a word that the bundled model has chosen, by the model's own log odds. */
export const modelWeights = { bias: 0.038, logit: 0.739 };
