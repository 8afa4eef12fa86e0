/**
 * Sotto's own completer as the replay asks it, in whole or with named parts left out: what a part is worth is the
 * difference. With every part left out it is the model raw, its prompt apart: the rest of the line, always shown.
 */

import { systemClock } from '../../src/common/clock';
import { complete, type Pipeline } from '../../src/completion/complete';
import type { Filter } from '../../src/completion/filters/filter';
import { filters } from '../../src/completion/filters/filters';
import type { LocalModel } from '../../src/completion/local-model';
import { decideScope } from '../../src/completion/scope';
import { copied } from '../../src/completion/sources/copied';
import { createModelSources } from '../../src/completion/sources/model';
import { createRemembered } from '../../src/completion/sources/remembered';
import { createTypedAlong } from '../../src/completion/sources/typed-along';
import { refusalRules } from '../../src/completion/when';
import { followingLines } from '../../src/document/document-snapshot';
import type { Engine } from '../../src/generation/engine';
import type { PromptLayout } from '../../src/prompt/prompt-layout';
import type { CompletionSettings } from '../../src/settings/settings';
import { withoutLikelihood } from './remember-answers';
import type { Suggest } from './replay';
import { documentAt } from './stretches';

/** Of what the model sees. */
const promptParts = {
  suffix: 'the text below the cursor, in the prompt',
  path: "the file's name, in the prompt",
  healing: 'the prompt ends before the token at the cursor',
  otherFiles: 'neighbouring files, to copy from and (--other-files) in the prompt',
};

/** Of what is done with it. */
const logicParts = {
  copy: 'what followed the last times in the document or a neighbouring file, without the model',
  gates: 'no suggestion right before a word (automatic, not manual)',
  blocks: 'a whole block where an empty one was opened',
  reuse: 'what is left of the last suggestion, while the user types it',
  fit: 'the fit to what stands right of the cursor',
  limit: 'the model stops where the rest would be too unlikely to be shown',
};

/** The filters of the fit to the rest of the line are one part together. */
const textFilters = filters.filter(({ name }) => name !== 'fitLineSuffix');

/** Each part by its name. */
export const parts: ReadonlyMap<string, string> = new Map([
  ...Object.entries(logicParts),
  ...textFilters.map(({ name }): [string, string] => [name, 'a filter']),
  ...Object.entries(promptParts),
]);

/** All that the raw model goes without. */
export const partsOfLogic: readonly string[] = [...parts.keys()].filter(name => !(name in promptParts));

export interface SottoOptions {
  readonly openModel: () => Promise<LocalModel>;
  readonly settings: CompletionSettings;
  /** Names of `parts`. */
  readonly without: readonly string[];
}

export function createSotto({ openModel, settings, without }: SottoOptions): Suggest {
  const has = (name: string) => !without.includes(name);
  const pipeline = pipelineWith(has, async () => {
    const model = await openModel();
    const layout = leaveOut(model.layout, { suffix: !has('suffix'), path: !has('path') });
    const engine = has('limit') ? model.engine : withoutLimit(model.engine);
    return { ...model, layout, engine, ...(!has('healing') && { heal: () => undefined }) };
  });
  const { signal } = new AbortController();

  return async (stretch, at) => {
    const document = documentAt(stretch, at);
    const request = {
      document,
      trigger: 'automatic',
      scope: has('blocks') ? decideScope(document) : 'line',
      settings,
      ...(has('otherFiles') && { otherFiles: () => stretch.source.neighbours ?? [] }),
    } as const;
    const { shown } = await complete(request, pipeline, signal);
    if (shown === undefined) return undefined;
    const { text, replaceAfter, confidence } = shown;
    return { text, replaceAfter, confidence };
  };
}

/** The pipeline of a keystroke, less the parts that are left out. */
function pipelineWith(has: (name: string) => boolean, openModel: () => Promise<LocalModel>): Pipeline {
  const typedAlong = createTypedAlong();
  const remembered = createRemembered();
  const model = createModelSources(openModel, systemClock);
  return {
    refusals: refusalRules.filter(({ evenIfAsked }) => evenIfAsked || has('gates')),
    sources: [
      ...(has('reuse') ? [typedAlong.source] : []),
      ...(has('copy') ? [copied] : []),
      ...(has('reuse') ? [remembered.source] : []),
      model.ask,
    ],
    memories: [typedAlong.memory, remembered.memory],
    filters: filters
      .filter(({ name }) => has(name))
      .map(filter => (has('fit') ? filter : withoutLineSuffix(filter))),
  };
}

/** The same filter, blind to what stands right of the cursor. */
function withoutLineSuffix({ name, apply }: Filter): Filter {
  return {
    name,
    apply: (insertion, document) => apply(insertion, { ...document, suffix: followingLines(document) }),
  };
}

/** The same engine, for texts that may be as unlikely as they like. */
export function withoutLimit(engine: Engine): Engine {
  return { generate: (request, signal) => engine.generate(withoutLikelihood(request), signal) };
}

function leaveOut(layout: PromptLayout, parts: { readonly suffix: boolean; readonly path: boolean }) {
  return {
    ...layout,
    ...(parts.suffix && { suffixFrom: undefined }),
    encode: (text: Parameters<PromptLayout['encode']>[0]) =>
      layout.encode({ ...text, ...(parts.suffix && { suffix: '' }), ...(parts.path && { path: '' }) }),
  };
}
