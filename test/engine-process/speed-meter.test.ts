/** The speed of an answer, from the events of its request. */
import { expect, it } from 'vitest';
import { createSpeedMeter } from '../../src/engine-process/speed-meter';

function speedOf(times: readonly number[]): number | undefined {
  const meter = createSpeedMeter();
  meter.see({ type: 'prefill', cached: 0, computed: 9, ms: 100 }, 0);
  for (const at of times) meter.see({ type: 'token', id: 1, logProb: 0 }, at);
  meter.see({ type: 'end', reason: 'max-tokens', ms: 1000 }, 10_000);
  return meter.tokensPerSecond;
}

it('counts from the first token to the last, without the prompt and the end', () =>
  expect(speedOf([100, 110, 120, 130, 140, 150, 160, 170, 180, 190, 200])).toBe(100));

it('counts tokens that were drafted, and came together, as one run', () =>
  expect(speedOf([100, 110, 110, 110, 120, 130, 140, 140, 150, 160])).toBe(100));

it('says nothing about a short answer', () => expect(speedOf([100, 110, 120])).toBeUndefined());

it('says nothing about tokens that came together', () => expect(speedOf(Array(9).fill(5))).toBeUndefined());
