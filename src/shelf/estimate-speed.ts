/** How fast a model will write on this machine, from a model that was measured on it. */
import type { ModelFacts } from './model-facts';

export type Cost = Pick<ModelFacts, 'bytesPerToken' | 'layers'>;

export interface MeasuredModel extends Cost {
  readonly tokensPerSecond: number;
}

/**
 * A token costs the reading of the weights, and for each layer some work that does not grow with them: as much as
 * reading two megabytes. With this number, the bundled model's speed gives that of GPT-2 (124M) to LLaMA (7B) within a
 * fifth (docs/log.md, "Speed of a model that was never run").
 */
const bytesPerLayer = 2e6;

/** @returns tokens a second */
export function estimateSpeed(model: Cost, measured: MeasuredModel): number {
  return (measured.tokensPerSecond * costOf(measured)) / costOf(model);
}

function costOf({ bytesPerToken, layers }: Cost): number {
  return bytesPerToken + bytesPerLayer * layers;
}
