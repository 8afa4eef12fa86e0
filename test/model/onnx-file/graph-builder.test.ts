import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { GraphBuilder, type Value } from '../../../src/model/onnx-file/graph-builder';
import { attributeType, dataType, decodeModel } from '../../../src/model/onnx-file/onnx-schema';
import { WeightsFile } from '../../../src/model/onnx-file/weights-file';
import { temporaryFolder } from '../../temporary-folder';

/** The graph that `write` builds, as it is read back. */
function built(write: (builder: GraphBuilder) => void) {
  const weights = new WeightsFile(join(temporaryFolder(), 'weights'), 'weights');
  onTestFinished(() => weights.close());
  const builder = new GraphBuilder(weights);
  write(builder);
  return decodeModel(builder.finish({ made: 'here' }));
}

it('appends one node for each operator and connects their outputs and inputs', () => {
  const { graph } = built(b => b.msOp('FastGelu', [b.op('Relu', [b.input('x', 'float', [1, 'n'])])]));
  expect(
    graph.node.map(({ opType, domain, input, output }) => [opType, domain ?? '', input, output]),
  ).toEqual([
    ['Relu', '', ['x'], ['Relu_0:0']],
    ['FastGelu', 'com.microsoft', ['Relu_0:0'], ['FastGelu_1:0']],
  ]);
});

it('names each output of an operator', () => {
  const { graph } = built(b => b.multiOp('Split', [b.input('x', 'float', [3])], { num_outputs: 3 }, 3));
  expect(graph.node[0]!.output).toEqual(['Split_0:0', 'Split_0:1', 'Split_0:2']);
});

it('writes an empty name for an input that is left out', () => {
  const { graph } = built(b => b.op('Clip', [b.input('x', 'float', [1]), undefined, b.float(1)]));
  expect(graph.node[0]!.input).toEqual(['x', '', 'float:1']);
});

it('writes whole numbers, lists and floats as attributes of their type', () => {
  const { graph } = built(b => b.op('Op', [], { axis: -1, perm: [1, 0], alpha: { float: 2 } }));
  expect(graph.node[0]!.attribute).toEqual([
    { name: 'axis', type: attributeType.int, i: -1, ints: [] },
    { name: 'perm', type: attributeType.ints, ints: [1, 0] },
    { name: 'alpha', type: attributeType.float, f: 2, ints: [] },
  ]);
});

it('writes equal constants once', () => {
  const { graph } = built(b => b.op('Op', [b.ints([1, -2]), b.ints([1, -2]), b.float(0.5), b.float(0.5)]));
  expect(graph.initializer.map(({ name, dims }) => [name, dims])).toEqual([
    ['int64[2]:1,-2', [2]],
    ['float:0.5', []],
  ]);
  expect(graph.initializer[0]!.rawData).toEqual(Buffer.from(BigInt64Array.of(1n, -2n).buffer));
  expect(graph.initializer[1]!.rawData).toEqual(Buffer.from(Float32Array.of(0.5).buffer));
});

it('keeps constants apart that differ in shape only', () => {
  const { graph } = built(b =>
    b.op('Op', [b.ints([1]), b.ints([1], []), b.ints([1, 1]), b.ints([1, 1], [1, 2])]),
  );
  expect(graph.initializer.map(({ dims }) => dims)).toEqual([[1], [], [2], [1, 2]]);
  expect(new Set(graph.node[0]!.input).size).toBe(4);
});

it('names inputs and outputs of the whole graph with their types and sizes', () => {
  const { graph } = built(b =>
    b.output('y', b.op('Cast', [b.input('x', 'int64', [1, 'n'])], { to: 1 }), ['n', 4]),
  );
  const shape = (elemType: number, ...dim: object[]) => ({ tensorType: { elemType, shape: { dim } } });
  expect(graph.input).toEqual([
    { name: 'x', type: shape(dataType.int64, { dimValue: 1 }, { dimParam: 'n' }) },
  ]);
  expect(graph.output).toEqual([
    { name: 'y', type: shape(dataType.float, { dimParam: 'n' }, { dimValue: 4 }) },
  ]);
  expect(graph.node).toMatchObject([{ opType: 'Cast', input: ['x'], output: ['y'] }]);
});

it('renames an output in the nodes that use it too', () => {
  const { graph } = built(b => {
    const doubled = b.op('Add', [b.input('x', 'float', [1]), 'x' as Value]);
    b.output('z', b.op('Neg', [doubled]), [1]);
    b.output('y', doubled, [1]);
  });
  expect(graph.node).toMatchObject([{ output: ['y'] }, { input: ['y'], output: ['z'] }]);
});

it('knows which weights it has', () => {
  built(b => {
    b.weight('w', [1], Float32Array.of(1));
    expect([b.has('w'), b.has('v')]).toEqual([true, false]);
  });
});

it('stores metadata and the operators’ versions', () => {
  const model = built(() => undefined);
  expect(model.metadataProps).toEqual([{ key: 'made', value: 'here' }]);
  expect(model.opsetImport).toEqual([{ version: 21 }, { domain: 'com.microsoft', version: 1 }]);
});
