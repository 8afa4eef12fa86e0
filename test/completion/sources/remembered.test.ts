import { describe, expect, it } from 'vitest';
import type { CompletionRequest, SourceName } from '../../../src/completion/request';
import { createRemembered } from '../../../src/completion/sources/remembered';
import { place } from '../../notation';
import { sure } from '../scored';
import { testCalibration as calibration, testSettings as settings } from '../settings-for-test';

const { signal } = new AbortController();
const report = {
  promptTokens: 1,
  cachedTokens: 0,
  generatedTokens: 1,
  prefillMs: 1,
  totalMs: 2,
  stopReason: 'scope-end',
} as const;

const requestAt = (text: string): CompletionRequest => ({
  document: place(text),
  trigger: 'automatic',
  scope: 'line',
  settings,
});

function modelSays(text: string, source: SourceName = 'model') {
  const written = { ...sure(text), calibration };
  return { source, words: written, enough: 'compare', written, report } as const;
}

describe('the remembered answers', () => {
  it('are found at the same place', async () => {
    const { source, memory } = createRemembered();
    memory.remember(requestAt('a = █'), modelSays('foo'), { why: 'not-sure' });
    expect(await source(requestAt('a = █'), signal)).toMatchObject({
      source: 'remembered',
      words: { text: 'foo' },
    });
    expect(await source(requestAt('b = █'), signal)).toEqual({ why: 'nothing-found' });
  });

  it('are the newest for their place', async () => {
    const { source, memory } = createRemembered();
    for (const text of ['old', 'new']) memory.remember(requestAt('█'), modelSays(text), { why: 'not-sure' });
    expect(await source(requestAt('█'), signal)).toMatchObject({ words: { text: 'new' } });
  });

  it('are at most 64, and those used last stay', async () => {
    const { source, memory } = createRemembered();
    for (let at = 0; at <= 64; at++)
      memory.remember(requestAt(`${at}█`), modelSays('foo'), { why: 'not-sure' });
    expect(await source(requestAt('0█'), signal)).toEqual({ why: 'nothing-found' });
    expect(await source(requestAt('1█'), signal)).toMatchObject({ source: 'remembered' });
  });

  it('are asked for again if they were cut and the user wants all of it', async () => {
    const { source, memory } = createRemembered();
    const { written, ...candidate } = modelSays('foo');
    const unlikely = { ...written, logProbs: written.logProbs.map(() => Math.log(0.1)), isCut: true };
    memory.remember(requestAt('█'), { ...candidate, written: unlikely }, { why: 'not-sure' });
    expect(await source(requestAt('█'), signal)).toMatchObject({ source: 'remembered' });
    const asked = { ...requestAt('█'), trigger: 'manual' } as const;
    expect(await source(asked, signal)).toEqual({ why: 'nothing-found' });
  });

  it('do not come from a run that ran out of time', async () => {
    const { source, memory } = createRemembered();
    const candidate = { ...modelSays('foo'), report: { ...report, stopReason: 'max-time' } } as const;
    memory.remember(requestAt('█'), candidate, { why: 'not-sure' });
    expect(await source(requestAt('█'), signal)).toEqual({ why: 'nothing-found' });
  });

  it('are called prepared only the first time', async () => {
    const { source, memory, preparedMemory } = createRemembered();
    preparedMemory.remember(requestAt('█'), modelSays('foo', 'prepared'), { why: 'not-sure' });
    const first = await source(requestAt('█'), signal);
    expect(first).toMatchObject({ source: 'prepared' });
    if ('source' in first) memory.remember(requestAt('█'), first, { why: 'not-sure' });
    expect(await source(requestAt('█'), signal)).toMatchObject({ source: 'remembered' });
  });
});
