// The process around llama.cpp that `llama.ts` starts: one model and one sequence. It answers calls in their order, except
// `stop`. It is plain JavaScript, because it is not bundled: llama.cpp is installed on first use.

import { pathToFileURL } from 'node:url';
import { installLlamaCpp } from '../../scripts/install-llama-cpp.mjs';

/**
 * The part of node-llama-cpp 3.22.1 that is used here. Its own types are missing until it is installed.
 *
 * @typedef {{ getLlama(options: object): Promise<{ loadModel(options: object): Promise<Model> }> }} LlamaModule
 *
 * @typedef {object} Model
 * @property {(text: string, specialTokens: boolean, options?: 'trimLeadingSpace') => number[]} tokenize
 * @property {(ids: readonly number[], specialTokens: boolean) => string} detokenize
 * @property {{ bos: number | null, shouldPrependBosToken: boolean }} tokens
 * @property {(options: object) => Promise<Context>} createContext
 *
 * @typedef {{ contextSize: number, getSequence(): Sequence }} Context
 *
 * @typedef {object} Sequence
 * @property {number} nextTokenIndex how many tokens the context holds
 * @property {readonly number[]} contextTokens
 * @property {(ranges: readonly { start: number, end: number }[]) => Promise<void>} eraseContextTokenRanges
 * @property {(ids: readonly number[]) => Promise<void>} evaluateWithoutGeneratingNewTokens
 * @property {(ids: readonly number[], options: object) => AsyncGenerator<number>} evaluate
 * @property {(input: readonly (number | [number, object])[]) => Promise<readonly ({ next: Next } | undefined)[]>} controlledEvaluate
 *
 * @typedef {object} Next
 * @property {Map<number, number>} logits of the ids asked for
 * @property {number} totalLogitWeight the sum of `exp(logit - largest)` over the whole vocabulary
 *
 * @typedef {import('./llama').LlamaCalls} LlamaCalls
 * @typedef {import('./llama').LlamaRequest} LlamaRequest
 * @typedef {import('./llama').LlamaReply} LlamaReply
 * @typedef {import('./llama').Question} Question
 */

/** @type {{ model: Model, sequence: Sequence } | undefined} */
let loaded;

/** @type {LlamaCalls} */
const calls = {
  async load(file, { threads, contextSize, cacheType }) {
    const entry = await installLlamaCpp({ log: line => console.error(line) });
    /** @type {LlamaModule} */
    const { getLlama } = await import(pathToFileURL(entry).href);
    const llama = await getLlama({
      gpu: false,
      build: 'never',
      skipDownload: true,
      maxThreads: threads,
      logLevel: 'error',
    });
    const model = await llama.loadModel({ modelPath: file });
    const cache = cacheType && {
      experimentalKvCacheKeyType: cacheType,
      experimentalKvCacheValueType: cacheType,
    };
    const context = await model.createContext({ contextSize, threads, ...cache });
    loaded = { model, sequence: context.getSequence() };
    const { bos, shouldPrependBosToken } = model.tokens;
    const start = shouldPrependBosToken && bos !== null ? { startId: bos } : {};
    return { contextSize: context.contextSize, ...start };
  },
  async tokenize(text) {
    return [...parts().model.tokenize(text, false, 'trimLeadingSpace')];
  },
  async decode(ids) {
    return parts().model.detokenize(ids, true);
  },
  async evaluate(ids, from, questions) {
    const { sequence } = parts();
    await calls.rewind(from);
    const input = ids.map((id, at) =>
      ask(
        id,
        questions.find(question => question.at === at),
      ),
    );
    const start = performance.now();
    const isAsked = questions.length > 0;
    const outputs = isAsked ? await sequence.controlledEvaluate(input) : [];
    if (!isAsked) await sequence.evaluateWithoutGeneratingNewTokens(ids);
    const ms = performance.now() - start;
    return { answers: questions.map(question => answer(question, outputs[question.at]?.next)), ms };
  },
  async generate(ids, from, count) {
    const { sequence } = parts();
    await calls.rewind(from);
    /** @type {number[]} */
    const generated = [];
    const start = performance.now();
    let first = start;
    for await (const id of sequence.evaluate(ids, { temperature: 0, yieldEogToken: true })) {
      if (generated.push(id) === 1) first = performance.now();
      if (generated.length >= count) break;
    }
    return { ids: generated, prefillMs: first - start, decodeMs: performance.now() - first };
  },
  async complete(ids, { minReuse, count, maxMs }) {
    const { sequence } = parts();
    isStopped = false;
    // At least one token is run: the first new token comes from its logits.
    const cached = await reuse(ids.slice(0, -1), minReuse);
    /** @type {number[]} */
    const generated = [];
    const start = performance.now();
    const tokens = sequence.evaluate(ids.slice(cached), { temperature: 0, yieldEogToken: true });
    for await (const id of tokens) {
      generated.push(id);
      const isOver = generated.length >= count || performance.now() - start >= maxMs;
      if (isOver || isStopped) break;
    }
    return { ids: generated, cached };
  },
  async stop() {
    isStopped = true;
  },
  async rewind(length) {
    const { sequence } = parts();
    const end = sequence.nextTokenIndex;
    if (length < end) await sequence.eraseContextTokenRanges([{ start: length, end }]);
    if (sequence.nextTokenIndex !== length)
      throw new Error(`cannot go back to ${length} of ${sequence.nextTokenIndex} tokens`);
  },
  async memory() {
    return process.memoryUsage().rss;
  },
};

/** Whether the running completion should end. It is read after each token. */
let isStopped = false;

/**
 * Reuses the cache as llama-server does with `cache_prompt` and `--cache-reuse`. It keeps the common beginning. Behind it,
 * it moves runs of at least `minReuse` equal tokens forward to their new place.
 *
 * @param {readonly number[]} ids
 * @param {number} minReuse
 * @returns {Promise<number>} how many of `ids` the context holds now; it holds nothing else
 */
async function reuse(ids, minReuse) {
  const { sequence } = parts();
  let held = 0;
  let at = 0;
  while (held < ids.length && at < sequence.nextTokenIndex) {
    const { contextTokens } = sequence;
    let run = 0;
    while (held + run < ids.length && contextTokens[at + run] === ids[held + run]) run++;
    if (at === held || run >= minReuse) {
      if (at > held) await sequence.eraseContextTokenRanges([{ start: held, end: at }]);
      held += run;
      at = held;
      if (run === 0) at++;
    } else at++;
  }
  await calls.rewind(held);
  return held;
}

function parts() {
  if (loaded === undefined) throw new Error('no model is loaded');
  return loaded;
}

/**
 * @param {number} id
 * @param {Question | undefined} question
 * @returns {number | [number, object]}
 */
function ask(id, question) {
  if (question === undefined) return id;
  // The answer needs the largest logit, so at least one of the top is asked for: `includeMax` of 3.22.1 leaves it out.
  const filter = { tokens: question.ids ?? [], includeTop: Math.max(1, question.top ?? 0) };
  return [id, { generateNext: { logits: { filter }, totalLogitWeight: true, options: { temperature: 0 } } }];
}

/**
 * @param {Question} question
 * @param {Next | undefined} next
 */
function answer({ top = 0, ids = [] }, next) {
  if (next === undefined) throw new Error('a question is about a place that has no token');
  const sorted = [...next.logits].sort(([, a], [, b]) => b - a);
  const [, largest = Number.NaN] = sorted[0] ?? [];
  const logTotal = largest + Math.log(next.totalLogitWeight);
  return {
    top: sorted.slice(0, top).map(([id]) => id),
    topLogProbs: sorted.slice(0, top).map(([, logit]) => logit - logTotal),
    logProbs: ids.map(id => (next.logits.get(id) ?? Number.NaN) - logTotal),
  };
}

process.on('disconnect', () => process.exit(0));
let previous = Promise.resolve();
process.on('message', (/** @type {LlamaRequest} */ request) => {
  // It must not wait for the call that it stops.
  if (request.call === 'stop') return void reply(request);
  previous = previous.then(() => reply(request));
});

/** @param {LlamaRequest} request */
async function reply({ id, call, args }) {
  const run = /** @type {(...args: readonly unknown[]) => Promise<unknown>} */ (calls[call]);
  /** @type {LlamaReply} */
  const message = await run(...args).then(
    result => ({ id, result }),
    error => ({ id, error: error instanceof Error ? error.message : String(error) }),
  );
  process.send?.(message);
}
