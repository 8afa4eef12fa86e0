/**
 * The rival's side: llama.cpp with its own prefix cache, asked as llama.vscode asks it (`infill-prompt.ts`). Like
 * llama.vscode, it remembers answers: for the same place, and while the user types along.
 *
 * The model was not trained on that order of prefix and suffix, and would end at once. So it writes as many tokens as
 * Sotto does at that place, whichever they are, and the answer counts as Sotto's text. That is the time that a model
 * trained on that order would take.
 *
 * Some of what llama.vscode does is left out, in the rival's favour:
 * - It waits for the previous request in steps of 150 ms. Here it waits exactly as long as needed.
 * - It lets an old request run to its end. Here the request stops after its next token.
 * - It asks for 128 tokens, asks again after each answer for the text behind it, and talks HTTP.
 */
import { findRefusal } from '../../src/completion/when';
import type { DocumentSnapshot } from '../../src/document/document-snapshot';
import type { OpenModel } from '../../src/session';
import type { CompletionSettings } from '../../src/settings/settings';
import type { Llama } from '../rivals/llama';
import { infillMarks, infillPrompt, partsOf } from './infill-prompt';
import { type Answer, noAnswer, type Side } from './player';
import type { Keystroke } from './typist';

/** llama.vscode's `max_cache_keys`. */
const rememberedAnswers = 250;

export function createLlamaSide(llama: Llama, model: OpenModel, settings: CompletionSettings): Side {
  const { tokenizer, contextWindow } = model;
  const marks = infillMarks(tokenizer);
  const batch = Math.min(settings.contextTokens, contextWindow - settings.maxTokens);
  const answers = new Map<string, string>();
  let previous: Promise<unknown> = Promise.resolve();

  const generate = async (
    { document, suggestion }: Pick<Keystroke, 'document' | 'suggestion'>,
    signal: AbortSignal,
  ): Promise<Answer> => {
    if (signal.aborted) return noAnswer;
    const start = performance.now();
    const ids = infillPrompt(document, tokenizer, marks, batch);
    const waitedMs = performance.now() - start;
    const stop = () => void llama.stop();
    signal.addEventListener('abort', stop);
    const result = await llama.complete(ids, {
      // A quarter of the batch, like llama.vscode's 256 of 1024.
      minReuse: Math.floor(batch / 4),
      count: suggestion.tokens,
      maxMs: settings.maxTime,
    });
    signal.removeEventListener('abort', stop);
    if (!signal.aborted && suggestion.text !== undefined) remember(answers, keyOf(document), suggestion.text);
    const decodedTokens = result.ids.length;
    return {
      source: 'model',
      promptTokens: ids.length,
      cachedTokens: result.cached,
      decodedTokens,
      shownCharacters: signal.aborted ? 0 : (suggestion.text?.length ?? 0),
      waitedMs,
    };
  };

  return {
    name: 'llama.cpp',
    pid: () => llama.pid,
    async request(place, _now, signal) {
      const asked = { document: place.document, trigger: 'automatic', settings } as const;
      if ((await findRefusal(asked)) !== undefined) return noAnswer;
      const remembered = recall(answers, place.document);
      if (remembered !== undefined) return { ...noAnswer, source: remembered };
      const answer = previous.then(() => generate(place, signal));
      previous = answer;
      return answer;
    },
  };
}

/** Looks for an answer to this place, or to one further left in the line if the user typed along its answer since. */
function recall(
  answers: ReadonlyMap<string, string>,
  document: DocumentSnapshot,
): 'cache' | 'typed through' | undefined {
  if (answers.has(keyOf(document))) return 'cache';
  const { line } = partsOf(document);
  for (let typed = 1; typed <= line.length; typed++) {
    const before = { ...document, prefix: document.prefix.slice(0, -typed) };
    const answer = answers.get(keyOf(before));
    const since = line.slice(-typed);
    if (answer !== undefined && answer.length > typed && answer.startsWith(since)) return 'typed through';
  }
  return undefined;
}

function keyOf(document: DocumentSnapshot): string {
  const { above, line, behind } = partsOf(document);
  return `${above}|${line}|${behind}`;
}

function remember(answers: Map<string, string>, key: string, text: string): void {
  answers.set(key, text);
  if (answers.size > rememberedAnswers) answers.delete(answers.keys().next().value!);
}
