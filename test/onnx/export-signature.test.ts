import { describe, expect, it } from 'vitest';
import { type ExportSession, readSignature } from '../../src/onnx/export-signature';
import { checkFault } from '../checkpoint/check-fault';

const sizes = { vocabulary: 10, layers: 1, kvHeads: 2, headDim: 16, contextLength: 8 };

/** `name: type [shape]` a line, a shape's names being free sizes. */
type Tensors = Readonly<Record<string, readonly [type: string, ...shape: (number | string)[]]>>;

const inputs: Tensors = {
  input_ids: ['int64', 'batch', 'new'],
  attention_mask: ['int64', 'batch', 'all'],
  'past_key_values.0.key': ['float16', 'batch', 2, 'past', 16],
  'past_key_values.0.value': ['float16', 'batch', 2, 'past', 16],
};
const outputs: Tensors = {
  logits: ['float32', 'batch', 'new', 10],
  'present.0.key': ['float16', 'batch', 2, 'all', 16],
  'present.0.value': ['float16', 'batch', 2, 'all', 16],
};

function signature(more: { inputs?: Tensors; outputs?: Tensors } = {}) {
  const allInputs = { ...inputs, ...more.inputs };
  const session = {
    inputNames: Object.keys(allInputs),
    inputMetadata: metadataOf(allInputs),
    outputMetadata: metadataOf({ ...outputs, ...more.outputs }),
  };
  return readSignature(session, 'model.onnx', sizes);
}

function metadataOf(tensors: Tensors): ExportSession['inputMetadata'] {
  return Object.entries(tensors).map(([name, [type, ...shape]]) => ({
    name,
    isTensor: true,
    // The types that are not ONNX Runtime's are what is tested.
    type: type as 'float32',
    shape,
  }));
}

it('is the inputs that there are, the type of the cache and its names in the order of the layers', () => {
  expect(signature()).toEqual({
    inputs: new Set(['input_ids', 'attention_mask']),
    cacheType: 'float16',
    past: ['past_key_values.0.key', 'past_key_values.0.value'],
    present: ['present.0.key', 'present.0.value'],
  });
});

describe('accepts', () => {
  it.each<[string, { inputs?: Tensors; outputs?: Tensors }]>([
    ['a batch of one', { inputs: { input_ids: ['int64', 1, 'new'] } }],
    [
      'a head size that the graph leaves open',
      { inputs: { 'past_key_values.0.key': ['float16', 1, 2, 'past', 'size'] } },
    ],
    ['outputs whose shape is not stated', { outputs: { 'present.0.key': ['float16'] } }],
    ['logits of the last token only', { outputs: { logits: ['float16', 1, 1, 10] } }],
    ['a scalar of how many logits to keep', { inputs: { num_logits_to_keep: ['int64'] } }],
  ])('%s', (_, more) => expect(() => signature(more)).not.toThrow());
});

describe('refuses', () => {
  it.each<[string, { inputs?: Tensors; outputs?: Tensors }, string, string]>([
    [
      'an input that nothing is known of',
      { inputs: { token_type_ids: ['int64', 'batch', 'new'] } },
      `input 'token_type_ids'`,
      'found it, expected the past of 1 layers, input_ids, attention_mask, position_ids',
    ],
    [
      'a layer more than the configuration has',
      { inputs: { 'past_key_values.1.key': ['float16', 'batch', 2, 'past', 16] } },
      `input 'past_key_values.1.key'`,
      'found it, expected the past of 1 layers',
    ],
    [
      'ids of another type',
      { inputs: { input_ids: ['int32', 'batch', 'new'] } },
      `input 'input_ids'`,
      'found int32, expected int64',
    ],
    [
      'a cache of another type',
      { inputs: { 'past_key_values.0.key': ['int8', 'batch', 2, 'past', 16] } },
      `input 'past_key_values.0.key'`,
      'found int8, expected float32 or float16',
    ],
    [
      'values of another type than keys',
      { inputs: { 'past_key_values.0.value': ['float32', 'batch', 2, 'past', 16] } },
      `input 'past_key_values.0.value'`,
      'found float32, expected float16',
    ],
    [
      'a cache of a fixed length',
      { inputs: { 'past_key_values.0.value': ['float16', 1, 2, 128, 16] } },
      `input 'past_key_values.0.value'`,
      'found [1, 2, 128, 16], expected [1, 2, past, 16]',
    ],
    [
      'a cache of the older, fused form',
      { inputs: { 'past_key_values.0.key': ['float16', 'batch', 'past', 64] } },
      `input 'past_key_values.0.key'`,
      'found [batch, past, 64], expected [1, 2, past, 16]',
    ],
    [
      'a cache that comes back as another type',
      { outputs: { 'present.0.value': ['float32', 'batch', 2, 'all', 16] } },
      `output 'present.0.value'`,
      'found float32, expected float16',
    ],
    [
      'logits of another vocabulary',
      { outputs: { logits: ['float32', 'batch', 'new', 12] } },
      `output 'logits'`,
      'found [batch, new, 12], expected [1, new, 10]',
    ],
  ])('%s', (_, more, field, problem) => checkFault(() => signature(more), 'model.onnx', field, problem));
});
