/** The filters in their order. They turn the text that the judge left into an insertion. */
import type { DocumentSnapshot } from '../../document/document-snapshot';
import {
  cutHiddenCharacters,
  cutTrainingMarks,
  dropBlank,
  dropDoubledSpace,
  dropHalfCharacter,
  normaliseLineEnds,
  trimTrailingSpace,
  useDocumentIndentation,
} from './clean-text';
import type { Filter, FilterVerdict, Insertion, TextFilter } from './filter';
import { keepWhole } from './keep-whole';
import { cutLoops, cutRepeatedFollowingLines, cutRepeatedLineAbove } from './repetition';
import { fitLineSuffix, stayInRegion } from './rest-of-line';

export const filters: readonly Filter[] = [
  onText('normaliseLineEnds', normaliseLineEnds),
  onText('cutHiddenCharacters', cutHiddenCharacters),
  onText('cutTrainingMarks', cutTrainingMarks),
  onText('dropHalfCharacter', dropHalfCharacter),
  onText('dropDoubledSpace', dropDoubledSpace),
  onText('useDocumentIndentation', useDocumentIndentation),
  onText('cutLoops', cutLoops),
  onText('cutRepeatedFollowingLines', cutRepeatedFollowingLines),
  onText('cutRepeatedLineAbove', cutRepeatedLineAbove),
  onText('stayInRegion', stayInRegion),
  onText('trimTrailingSpace', trimTrailingSpace),
  onText('dropBlank', dropBlank),
  { name: 'fitLineSuffix', apply: ({ text }, document) => fitLineSuffix(text, document) },
  { name: 'keepWhole', apply: keepWhole },
];

/** @returns the insertion, or the name of the filter that left nothing */
export function applyFilters(
  text: string,
  document: DocumentSnapshot,
  applied: readonly Filter[] = filters,
  onVerdict: (verdict: FilterVerdict) => void = () => undefined,
): Insertion | { readonly droppedBy: string } {
  let insertion: Insertion = { text, replaceAfter: 0 };
  for (const { name, apply } of applied) {
    const after = apply(insertion, document);
    onVerdict({ filter: name, before: insertion.text, after: after?.text });
    if (after === undefined) return { droppedBy: name };
    insertion = after;
  }
  return insertion;
}

/** @param name given as text, because the user sees it, and a minifier renames functions */
function onText(name: string, filterText: TextFilter): Filter {
  return {
    name,
    apply({ text, replaceAfter }, document) {
      const after = filterText(text, document);
      return after === undefined ? undefined : { text: after, replaceAfter };
    },
  };
}
