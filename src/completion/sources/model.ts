/** The model as a source: reads the prompt, writes a text, and says how likely each word is. */
import { type Clock, untilAborted } from '../../common/clock';
import { linePrefix } from '../../document/document-snapshot';
import { indentationOf } from '../../document/words';
import type { Prompt } from '../../prompt/build-prompt';
import { spellPrompt } from '../../prompt/find-layout';
import { createPromptMemory, type PromptMemory } from '../../prompt/prompt-memory';
import type { CompletionSettings } from '../../settings/settings';
import { calibrate } from '../judge/calibrate';
import type { LocalModel } from '../local-model';
import type { CompletionRequest } from '../request';
import { generateText } from './generate-text';
import type { Source } from './source';

export interface ModelSources {
  /** Answers the user's request. The window of the prompt follows the cursor. */
  readonly ask: Source;
  /** Answers a request that the user may make next. The window stays where it is: the next key must not pay for a guess. */
  readonly guess: Source;
}

/** @param openModel opens the model on first use, which may take minutes */
export function createModelSources(
  openModel: () => Promise<LocalModel>,
  clock: Pick<Clock, 'now'>,
): ModelSources {
  const prompts = createPromptMemory();
  return {
    ask: sourceOf('model', (request, model, settings) => prompts.next(request, model, settings)),
    guess: sourceOf('prepared', (request, model, settings) => prompts.guess(request, model, settings)),
  };

  function sourceOf(name: 'model' | 'prepared', promptFor: PromptMemory['guess']): Source {
    return async (request, signal) => {
      const model = await untilAborted(openModel(), signal);
      if (model === undefined || signal.aborted) return { why: 'newer-key' };
      const settings = withinWindow(request.settings, model);
      const prompt = promptFor(request, model, settings);
      if (prompt === undefined) return { why: 'window-would-move' };
      tracePrompt(request, model, prompt);
      const indentation = indentationOf(linePrefix(request.document));
      const question = { promptIds: prompt.ids, healed: prompt.healed, scope: request.scope, indentation };
      const result = await generateText(model, question, settings, clock.now, signal);
      if ('why' in result) return result;
      request.trace?.({ step: 'generated', result });
      const { report, ...text } = result;
      const written = { ...text, calibration: model.calibration };
      return { source: name, words: calibrate(written), enough: 0, isLast: true, written, report };
    };
  }
}

function tracePrompt({ trace }: CompletionRequest, { tokenizer }: LocalModel, { ids, healed }: Prompt): void {
  trace?.({ step: 'prompt', spell: () => spellPrompt(tokenizer, ids), typed: healed?.typed ?? '' });
}

/** An answer takes half of the model's window at most: the rest is for the prompt. */
function withinWindow(settings: CompletionSettings, { contextWindow }: LocalModel): CompletionSettings {
  return { ...settings, maxTokens: Math.min(settings.maxTokens, Math.floor(contextWindow / 2)) };
}
