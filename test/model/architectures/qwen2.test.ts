import { describe, expect, it } from 'vitest';
import { readQwen2Config } from '../../../src/model/architectures/qwen2';
import { readQwen3Config } from '../../../src/model/architectures/qwen3';
import { configChecks, smallestLlama } from './config-checks';

const [full, sliding] = ['full_attention', 'sliding_attention'];
const on = { use_sliding_window: true, sliding_window: 8 };

describe.each([
  ['Qwen2', readQwen2Config],
  ['Qwen3', readQwen3Config],
])('%s', (_, readConfig) => {
  const { read, checkRefused } = configChecks(readConfig, { ...smallestLlama, head_dim: 16 });

  it.each([
    [
      'in no layer if it is off',
      { sliding_window: 8, max_window_layers: 1 },
      [undefined, undefined, undefined],
    ],
    ['in the upper layers if it is on', { ...on, max_window_layers: 1 }, [undefined, 8, 8]],
    [
      'in no layer if the upper layers do not exist',
      { ...on, max_window_layers: 28 },
      [undefined, undefined, undefined],
    ],
    [
      'in the layers that are listed',
      { ...on, layer_types: [full, sliding, full] },
      [undefined, 8, undefined],
    ],
    [
      'in no layer if all are listed without one',
      { layer_types: [full, full, full] },
      [undefined, undefined, undefined],
    ],
  ])('has a window %s', (_, fields, windows) => {
    expect(read(fields).windows).toEqual(windows);
  });

  it.each([
    [{ layer_types: [full, sliding, full] }, 'layer_types', 'as use_sliding_window is off'],
    [{ ...on, layer_types: [full, sliding] }, 'layer_types', 'found 2, expected 3 names'],
    [{ ...on, layer_types: [full, full, 'chunked_attention'] }, 'layer_types', 'found "chunked_attention"'],
    [{ ...on, max_window_layers: 0, sliding_window: null }, 'sliding_window', 'found'],
    [on, 'max_window_layers', 'found nothing'],
    [{ attention_bias: true }, 'attention_bias', 'found true'],
  ])('refuses %j', (fields, field, problem) => {
    checkRefused(fields, field, problem);
  });
});

it('Qwen3 requires the width of its heads', () => {
  configChecks(readQwen3Config, smallestLlama).checkRefused({}, 'head_dim', 'found nothing');
});
