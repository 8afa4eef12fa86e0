/**
 * Chooses the next token from logits. Plain arithmetic over a `Float32Array`; the order of the steps is the usual
 * one (Hugging Face's `logits_process`): repetition penalty, temperature, top-k, top-p, min-p, draw.
 */
import { seededRandom } from '../common/seeded-random';
import type { SamplingOptions } from './engine';

export interface SampledToken {
  readonly id: number;
  /** Natural logarithm of the token's probability under the model itself (temperature 1, nothing dropped). */
  readonly logProb: number;
}

/** The repetition penalty looks back at this many tokens: llama.cpp's default. */
const penaltyWindow = 64;

/**
 * @returns a function of the logits `[vocabulary]`, which it may overwrite, and of the tokens so far with the prompt
 */
export function createSampler(
  options: SamplingOptions,
): (logits: Float32Array, history: readonly number[]) => SampledToken {
  let random: (() => number) | undefined;
  return (logits, history) => {
    const top = argmax(logits);
    const logNormaliser = logSumExp(logits, logits[top]!);
    // The penalty changes the logits, but the probability that is reported is the model's own.
    const original = options.repetitionPenalty === 1 ? logits : logits.slice();
    penaliseRepetition(logits, history, options.repetitionPenalty);
    const isGreedy = options.temperature === 0;
    random ??= isGreedy ? undefined : seededRandom(options.seed);
    const id = random ? draw(logits, options, random) : original === logits ? top : argmax(logits);
    return { id, logProb: original[id]! - logNormaliser };
  };
}

export function argmax(logits: Float32Array): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
  return best;
}

function penaliseRepetition(logits: Float32Array, history: readonly number[], penalty: number): void {
  if (penalty === 1) return;
  for (const id of new Set(history.slice(-penaltyWindow))) {
    const logit = logits[id]!;
    logits[id] = logit > 0 ? logit / penalty : logit * penalty;
  }
}

function draw(logits: Float32Array, options: SamplingOptions, random: () => number): number {
  const ranked = likeliest(logits, options.topK);
  const top = logits[ranked[0]!]!;
  const weights = ranked.map(id => Math.exp((logits[id]! - top) / options.temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let kept = 0;
  let mass = 0;
  while (
    kept < ranked.length &&
    (kept === 0 || (mass < options.topP * total && weights[kept]! >= options.minP))
  )
    mass += weights[kept++]!;
  let remaining = random() * mass;
  for (let i = 0; i < kept; i++) {
    remaining -= weights[i]!;
    if (remaining < 0) return ranked[i]!;
  }
  return ranked[kept - 1]!;
}

/**
 * The `count` ids of the highest logits, highest first; all ids if `count` is 0. Of equal logits, the smaller id is
 * first.
 */
function likeliest(logits: Float32Array, count: number): number[] {
  if (count === 0) return Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]! || a - b);
  // Few ids get among the best so far, so most of the vocabulary needs one comparison only.
  const best: number[] = [];
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id]!;
    if (best.length === count) {
      if (!(logit > logits[best[count - 1]!]!)) continue;
      best.pop();
    }
    let at = best.length;
    while (at > 0 && logit > logits[best[at - 1]!]!) at--;
    best.splice(at, 0, id);
  }
  return best;
}

/**
 * `log(sum(exp(logits)))`, to six decimals. It reads the whole vocabulary at every token, so the exponentials come from
 * a table: with `Math.exp` they took a fifth of a small model's decoding (docs/log.md, "Sampler without Math.exp").
 */
function logSumExp(logits: Float32Array, top: number): number {
  let sum = 0;
  for (let id = 0; id < logits.length; id++) {
    const below = top - logits[id]!;
    // Even a hundred thousand tokens that are less likely than e^-25 would not change the sixth decimal.
    if (!(below < tableEnd)) continue;
    const step = Math.floor(below * stepsPerUnit);
    const rest = below - step / stepsPerUnit;
    sum += exponentials[step]! * (1 - rest + (rest * rest) / 2);
  }
  return top + Math.log(sum);
}

const tableEnd = 25;
const stepsPerUnit = 256;
/** `exp(-i / 256)`. Between two entries a parabola is used, with a relative error of 10^-8. */
const exponentials = Float64Array.from({ length: tableEnd * stepsPerUnit + 1 }, (_, i) =>
  Math.exp(-i / stepsPerUnit),
);
