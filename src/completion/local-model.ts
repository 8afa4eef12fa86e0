/** A model that is ready to be asked: its tokenizer, its prompt layout, the engine that runs it. */
import type { ModelSource } from '../checkpoint/model-source';
import type { Calibration } from '../common/calibration';
import type { Engine } from '../generation/engine';
import { findLayout } from '../prompt/find-layout';
import type { PromptModel } from '../prompt/prompt-memory';
import { createTokenHealing } from '../prompt/token-healing';
import { idsWithByte, type Tokenizer } from '../tokenizer/tokenizer';

export interface LocalModel extends PromptModel {
  readonly name: string;
  /** Turns its probabilities into how often such words are right (`judge.ts`). */
  readonly calibration: Calibration;
  /** Every id that holds a line break. */
  readonly lineBreakIds: readonly number[];
  readonly engine: Engine;
}

const lineBreakByte = 10;

export function createLocalModel(
  { name, calibration, suffixFrom }: Pick<ModelSource, 'name' | 'calibration' | 'suffixFrom'>,
  tokenizer: Tokenizer,
  engine: Engine,
  contextWindow: number,
): LocalModel {
  const { layout, prefixOnly } = findLayout(tokenizer, suffixFrom);
  return {
    name,
    tokenizer,
    layout,
    prefixOnly,
    contextWindow,
    calibration,
    lineBreakIds: idsWithByte(tokenizer, lineBreakByte),
    heal: createTokenHealing(tokenizer),
    engine,
  };
}
