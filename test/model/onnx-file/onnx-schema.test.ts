import { expect, it } from 'vitest';
import {
  attributeType,
  dataLocation,
  dataType,
  decodeModel,
  encodeModel,
  type ModelProto,
} from '../../../src/model/onnx-file/onnx-schema';

const model = {
  irVersion: 10,
  producerName: 'test',
  opsetImport: [
    { domain: 'a', version: 21 },
    { domain: 'b', version: 1 },
  ],
  metadataProps: [{ key: 'k', value: 'v' }],
  graph: {
    name: 'g',
    node: [
      {
        name: 'n',
        opType: 'Op',
        domain: 'com.microsoft',
        input: ['x', '', 'y'],
        output: ['a', 'b'],
        attribute: [
          { name: 'axis', type: attributeType.int, i: -1, ints: [] },
          { name: 'alpha', type: attributeType.float, f: 0.125, ints: [] },
          { name: 'perm', type: attributeType.ints, ints: [1, 0, -2] },
        ],
      },
    ],
    initializer: [
      {
        name: 'inside',
        dims: [2],
        dataType: dataType.uint8,
        rawData: Buffer.of(1, 255),
        externalData: [],
      },
      {
        name: 'outside',
        dims: [2 ** 40, 3],
        dataType: dataType.float,
        externalData: [{ key: 'location', value: 'w' }],
        dataLocation: dataLocation.external,
      },
    ],
    input: [
      {
        name: 'x',
        type: {
          tensorType: { elemType: dataType.int64, shape: { dim: [{ dimValue: 1 }, { dimParam: 'new' }] } },
        },
      },
    ],
    output: [{ name: 'a', type: { tensorType: { elemType: dataType.float, shape: { dim: [] } } } }],
  },
} satisfies ModelProto;

it('reads back every field that was written', () => {
  expect(decodeModel(encodeModel(model))).toEqual(model);
});

it('writes field numbers and wire types as onnx.proto has them', () => {
  const bytes = encodeModel({
    irVersion: 10,
    producerName: 'a',
    opsetImport: [{ domain: 'd', version: 21 }],
    metadataProps: [],
    graph: { name: 'g', node: [], initializer: [], input: [], output: [] },
  });
  const [irVersion, producerName, graph, opset] = ['080a', '120161', '3a03120167', '42050a01641015'];
  expect(Buffer.from(bytes).toString('hex')).toBe(`${irVersion}${producerName}${graph}${opset}`);
});
