import { describe, expect, it } from 'vitest';
import { defaultCalibration } from '../../src/checkpoint/model-source';
import { createLocalModel } from '../../src/completion/local-model';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { createByteTokenizer } from '../byte-tokenizer';
import { createScriptedEngine } from './scripted-engine';

describe('a local model', () => {
  const engine = createScriptedEngine();
  const tiny = { name: 'tiny', calibration: defaultCalibration };

  it('fills in the middle if its vocabulary has the marks', async () => {
    const tokenizer = await loadTokenizer('models/sotto-starter');
    const model = createLocalModel(tiny, tokenizer, engine, 64);
    expect(model.layout.suffixFrom).toBe('line end');
    expect(model.lineBreakIds).toContain(tokenizer.encode('\n')[0]);
    expect(model).toMatchObject({ ...tiny, engine, contextWindow: 64 });
  });

  it('sees only the prefix if its vocabulary has no marks', () =>
    expect(createLocalModel(tiny, createByteTokenizer([]), engine, 64).layout.suffixFrom).toBeUndefined());

  it('gets no prompts that end inside a word', () => {
    const { heal } = createLocalModel(tiny, createByteTokenizer(), engine, 64);
    expect(heal?.('a.li')).toMatchObject({ kept: 'a.', typed: 'li' });
  });
});
