/** What of a found text is shown, and whose: the model's or the document's own. */

import type { CompletionSettings } from '../settings/settings';
import type { Completion, CompletionRequest } from './complete';
import type { postprocess as postprocessFully } from './filters/postprocess';
import { calibrate } from './judge/calibrate';
import { type Judgement, judgeConfidence } from './judge/confidence';
import type { CopyCandidate } from './sources/copied';
import type { GenerationReport } from './sources/generate-text';
import type { GeneratedText } from './sources/typed-along';

/** A copy this likely is shown at once: to ask the model as well costs a run and made none better (docs/log.md). */
const sureCopy = 0.5;

/** How likely a copy has to be for the model not to be asked. */
export function sureEnough({ minConfidence }: CompletionSettings): number {
  return Math.max(sureCopy, minConfidence);
}

export function createPresenter(postprocess: typeof postprocessFully) {
  /** What is left of a judged text after the filters. */
  const filter = (
    { text, confidence }: Judgement,
    { document, trace }: CompletionRequest,
    source: Completion['source'],
    report?: GenerationReport,
  ): Completion | undefined => {
    if (text === undefined) return undefined;
    const insertion = postprocess(text, document, verdict => trace?.({ step: 'filter', ...verdict }));
    if (insertion) trace?.({ step: 'shown', ...insertion });
    return insertion && { ...insertion, source, confidence, ...(report && { report }) };
  };

  /** What of the model's text is worth showing, or of the copy where that is likelier. Whoever asks sees all of it. */
  const show = (
    generated: GeneratedText,
    copied: CopyCandidate | undefined,
    request: CompletionRequest,
    source: Completion['source'],
    report?: GenerationReport,
  ): Completion | undefined => {
    const least = request.trigger === 'manual' ? 0 : request.settings.minConfidence;
    const judgement = judgeConfidence(calibrate(generated), least);
    request.trace?.({ step: 'confidence', least, ...judgement });
    const ofModel = () => filter(judgement, request, source, report);
    const ofCopy = copied && judgeConfidence(copied, least);
    if (ofCopy === undefined || ofCopy.confidence <= judgement.confidence) return ofModel();
    return filter(ofCopy, request, 'copy', report) ?? ofModel();
  };

  return { filter, show };
}
