/** The filters, in their order, and the fit to the rest of the line: from what the model wrote to what is shown. */
import { type DocumentSnapshot, lineSuffix } from '../context/document-snapshot';
import { cutRepeatedFollowingLines } from './cut-repeated-following-lines';
import { cutRepeatedLineAbove } from './cut-repeated-line-above';
import { dropBlank } from './drop-blank';
import type { Filter } from './filter';
import { fitLineSuffix, type Insertion } from './fit-line-suffix';
import { trimTrailingSpace } from './trim-trailing-space';

/** Their order matters: what one cuts, the next ones do not see. */
export const filters: readonly Filter[] = [
  cutRepeatedFollowingLines,
  cutRepeatedLineAbove,
  trimTrailingSpace,
  dropBlank,
];

/** @returns undefined if nothing is worth showing */
export function postprocess(
  text: string,
  document: DocumentSnapshot,
  applied = filters,
): Insertion | undefined {
  let kept: string | undefined = text;
  for (const filter of applied) {
    kept = filter(kept, document);
    if (kept === undefined) return undefined;
  }
  return fitLineSuffix(kept, lineSuffix(document));
}
