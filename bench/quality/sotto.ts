/**
 * Sotto's own completer as the replay asks it, in whole or with named parts left out: what a part is worth is the
 * difference. With every part left out it is the model raw, its prompt apart: the rest of the line, always shown.
 */
import { systemClock } from '../../src/common/clock';
import { createCompleter } from '../../src/completion/complete';
import { filters, postprocess } from '../../src/completion/filters/postprocess';
import type { LocalModel } from '../../src/completion/local-model';
import { findRefusal } from '../../src/completion/when/trigger';
import { followingLines } from '../../src/document/document-snapshot';
import type { PromptLayout } from '../../src/prompt/prompt-layout';
import type { CompletionSettings } from '../../src/settings/settings';
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
};

/** Each part by its name. */
export const parts: ReadonlyMap<string, string> = new Map([
  ...Object.entries(logicParts),
  ...Object.keys(filters).map((name): [string, string] => [name, 'a filter']),
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
  const kept = Object.fromEntries(Object.entries(filters).filter(([name]) => has(name)));
  const { complete } = createCompleter({
    openModel: async () => {
      const model = await openModel();
      const { heal, ...rest } = model;
      const layout = leaveOut(model.layout, { suffix: !has('suffix'), path: !has('path') });
      return { ...rest, layout, ...(heal && has('healing') && { heal }) };
    },
    clock: systemClock,
    findRefusal: (document, kind, current) => findRefusal(document, has('gates') ? kind : 'manual', current),
    postprocess: (text, document) =>
      postprocess(
        text,
        has('fit') ? document : { ...document, suffix: followingLines(document) },
        () => undefined,
        kept,
      ),
  });
  const { signal } = new AbortController();

  return async (stretch, at) => {
    const document = documentAt(stretch, at);
    const completion = await complete(
      {
        document,
        trigger: 'automatic',
        settings,
        ...(has('otherFiles') && { otherFiles: () => stretch.source.neighbours ?? [] }),
        ...(!has('blocks') && { scope: 'line' as const }),
        ...(!has('copy') && { only: 'model' as const }),
        alwaysGenerate: !has('reuse'),
      },
      signal,
    );
    if (completion === undefined) return undefined;
    const { text, replaceAfter, confidence } = completion;
    return { text, replaceAfter, confidence };
  };
}

function leaveOut(layout: PromptLayout, parts: { readonly suffix: boolean; readonly path: boolean }) {
  return {
    ...layout,
    takesSuffix: layout.takesSuffix && !parts.suffix,
    encode: (text: Parameters<PromptLayout['encode']>[0]) =>
      layout.encode({ ...text, ...(parts.suffix && { suffix: '' }), ...(parts.path && { path: '' }) }),
  };
}
