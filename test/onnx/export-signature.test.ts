import { describe, expect, it } from 'vitest';
import { type ExportSession, readSignature } from '../../src/onnx/export-signature';
import { checkFault } from '../checkpoint/check-fault';

const sizes = { vocabulary: 10, layers: 1, kvHeads: 2, headDim: 16, contextLength: 8 };

/** `name: [type, ...shape]` of each tensor. A name in a shape is a variable size. */
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
    // The tests need types that ONNX Runtime does not have.
    type: type as 'float32',
    shape,
  }));
}

it('has the inputs of the export, the type of its cache, and the names of the cache by layer', () => {
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
    ['a variable head size', { inputs: { 'past_key_values.0.key': ['float16', 1, 2, 'past', 'size'] } }],
    ['outputs that state no shape', { outputs: { 'present.0.key': ['float16'] } }],
    ['logits of the last token only', { outputs: { logits: ['float16', 1, 1, 10] } }],
    ['a scalar for the number of logits to keep', { inputs: { num_logits_to_keep: ['int64'] } }],
  ])('%s', (_, more) => expect(() => signature(more)).not.toThrow());
});

describe('refuses', () => {
  it.each<[string, { inputs?: Tensors; outputs?: Tensors }, string, string]>([
    [
      'an unknown input',
      { inputs: { token_type_ids: ['int64', 'batch', 'new'] } },
      `input 'token_type_ids'`,
      'found it, expected the past of 1 layers, input_ids, attention_mask, position_ids',
    ],
    [
      'one layer more than the configuration has',
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
      'a cache that is returned as another type',
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
