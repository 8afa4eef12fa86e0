/** The speed of an answer, from the events of its request. */
import { expect, it } from 'vitest';
import { createSpeedMeter } from '../../src/engine-process/speed-meter';

/** @param endMs undefined for a reader that leaves before the end */
function speedOf(tokens: number, endMs: number | undefined): number | undefined {
  const meter = createSpeedMeter();
  meter.see({ type: 'prefill', cached: 0, computed: 9, ms: 100 });
  for (let id = 0; id < tokens; id++) meter.see({ type: 'token', id, logProb: 0 });
  if (endMs !== undefined) meter.see({ type: 'end', reason: 'max-tokens', ms: endMs });
  return meter.tokensPerSecond;
}

it("counts the time after the prompt, by the engine's own clock", () => expect(speedOf(10, 200)).toBe(100));

it('says nothing about a short answer', () => expect(speedOf(3, 200)).toBeUndefined());

it('says nothing about an answer that was left', () => expect(speedOf(10, undefined)).toBeUndefined());

it('says nothing about tokens that took no time', () => expect(speedOf(10, 100)).toBeUndefined());
