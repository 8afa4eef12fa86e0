/** A model that is ready to be asked: its tokenizer, its prompt layout, the engine that runs it. */
import type { Calibration, ModelSource } from '../checkpoint/model-source';
import type { Engine } from '../generation/engine';
import { findLayout } from '../prompt/find-layout';
import type { PromptLayout } from '../prompt/prompt-layout';
import { createTokenHealing, type HealText } from '../prompt/token-healing';
import { idsWithByte, type Tokenizer } from '../tokenizer/tokenizer';

export interface LocalModel {
  readonly name: string;
  readonly tokenizer: Tokenizer;
  readonly layout: PromptLayout;
  /** Tokens of prompt and answer together, at most. */
  readonly contextWindow: number;
  readonly calibration: Calibration;
  /** Every id that holds a line break. */
  readonly lineBreakIds: readonly number[];
  /** Where its prompts end before the cursor; a benchmark leaves it out. */
  readonly heal?: HealText;
  readonly engine: Engine;
}

const lineBreakByte = 10;

export function createLocalModel(
  { name, calibration }: Pick<ModelSource, 'name' | 'calibration'>,
  tokenizer: Tokenizer,
  engine: Engine,
  contextWindow: number,
): LocalModel {
  return {
    name,
    tokenizer,
    layout: findLayout(tokenizer).layout,
    contextWindow,
    calibration,
    lineBreakIds: idsWithByte(tokenizer, lineBreakByte),
    heal: createTokenHealing(tokenizer),
    engine,
  };
}
