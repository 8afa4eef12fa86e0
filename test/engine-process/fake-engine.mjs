/** An engine's process without a model, for tests of the client. The name of the model says how it behaves. */
let behaviour = '';
let requests = 0;

/** @param {import('../../src/engine-process/protocol').FromEngine} message */
const send = message => process.send?.(message);

process.on('disconnect', () => process.exit(0));
process.on('message', (/** @type {import('../../src/engine-process/protocol').ToEngine} */ message) => {
  if (message.type === 'load') {
    behaviour = message.modelSource.name;
    if (behaviour === 'dies') process.exit(3);
    if (behaviour === 'has no memory')
      send({ type: 'load-failed', message: `no memory (graph ${message.mayRebuild ? 'dropped' : 'kept'})` });
    if (behaviour === 'builds') {
      send({ type: 'loading', step: 'build' });
      for (const done of [0, 0.5]) send({ type: 'building', done });
      send({ type: 'loading', step: 'open' });
    }
    if (behaviour !== 'has no memory') send({ type: 'loaded', buildMs: 0, openMs: 0, contextWindow: 64 });
    return;
  }
  const { type, requestId } = message;
  console.error(`${type} ${requestId}`);
  if (type === 'abort' || behaviour === 'is silent') return;
  if (behaviour === 'is slow' && ++requests === 1) return;
  send({ type: 'alive' });
  send({ type: 'event', requestId, event: { type: 'prefill', cached: 0, computed: 1, ms: 0 } });
  send({ type: 'event', requestId, event: { type: 'token', id: 7, logProb: 0 } });
});
