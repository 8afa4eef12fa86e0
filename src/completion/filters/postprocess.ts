/** The filters, in their order, and the fit to the rest of the line: from what the model wrote to what is shown. */
import { type DocumentSnapshot, lineSuffix } from '../../document/document-snapshot';
import { balanceBrackets } from './balance-brackets';
import { cutHiddenCharacters } from './cut-hidden-characters';
import { cutLoops } from './cut-loops';
import { cutRepeatedFollowingLines } from './cut-repeated-following-lines';
import { cutRepeatedLineAbove } from './cut-repeated-line-above';
import { dropBlank } from './drop-blank';
import { dropDoubledSpace } from './drop-doubled-space';
import type { Filter } from './filter';
import { fitLineSuffix, type Insertion } from './fit-line-suffix';
import { normaliseLineEnds } from './normalise-line-ends';
import { trimTrailingSpace } from './trim-trailing-space';
import { useDocumentIndentation } from './use-document-indentation';

/** By name, for whoever is told of them: what is minified keeps only these. */
export const filters: Readonly<Record<string, Filter>> = {
  normaliseLineEnds,
  cutHiddenCharacters,
  dropDoubledSpace,
  useDocumentIndentation,
  cutLoops,
  cutRepeatedFollowingLines,
  cutRepeatedLineAbove,
  trimTrailingSpace,
  dropBlank,
};

/** What a filter made of a text; undefined if it let nothing through. */
export interface FilterVerdict {
  readonly filter: string;
  readonly before: string;
  readonly after: string | undefined;
}

/** @returns undefined if nothing is worth showing */
export function postprocess(
  text: string,
  document: DocumentSnapshot,
  onVerdict: (verdict: FilterVerdict) => void = () => undefined,
  applied = filters,
): Insertion | undefined {
  let kept = text;
  for (const [filter, apply] of Object.entries(applied)) {
    const after = apply(kept, document);
    onVerdict({ filter, before: kept, after });
    if (after === undefined) return undefined;
    kept = after;
  }
  const fitted = fitLineSuffix(kept, lineSuffix(document));
  onVerdict({ filter: 'fitLineSuffix', before: kept, after: fitted?.text });
  const balanced = fitted && balanceBrackets(fitted, document);
  if (fitted) onVerdict({ filter: 'balanceBrackets', before: fitted.text, after: balanced?.text });
  return balanced;
}
