import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dataLocation, type TensorProto } from '../../../src/model/onnx-file/onnx-schema';
import { WeightsFile } from '../../../src/model/onnx-file/weights-file';
import { temporaryFolder } from '../../temporary-folder';

const entry = ({ externalData }: TensorProto, key: string) =>
  externalData!.find(({ key: found }) => found === key)!.value;

it('puts each tensor at the offset of its entry, at the beginning of a cache line', () => {
  const path = join(temporaryFolder(), 'weights');
  const file = new WeightsFile(path, 'beside');
  const data = [
    Float32Array.of(1, 2, 3),
    new Uint8Array(64).fill(7),
    new Uint8Array(),
    Float32Array.of(-0.5),
  ];
  const tensors = data.map((values, i) => file.append(`t${i}`, [values.length], 1, values));
  file.close();

  expect(tensors.map(tensor => Number(entry(tensor, 'offset')))).toEqual([0, 64, 128, 128]);
  const bytes = readFileSync(path);
  expect(bytes).toHaveLength(132);
  for (const [i, tensor] of tensors.entries()) {
    const offset = Number(entry(tensor, 'offset'));
    const found = bytes.subarray(offset, offset + Number(entry(tensor, 'length')));
    expect(found).toEqual(Buffer.from(data[i]!.buffer));
  }
});

it('writes only the given part of a larger array', () => {
  const path = join(temporaryFolder(), 'weights');
  const file = new WeightsFile(path, 'beside');
  file.append('t', [2], 1, Float32Array.of(1, 2, 3, 4).subarray(1, 3));
  file.close();
  expect(readFileSync(path)).toEqual(Buffer.from(Float32Array.of(2, 3).buffer));
});

it('gives the entry the name of the file that the graph will have', () => {
  const file = new WeightsFile(join(temporaryFolder(), 'unfinished'), 'beside');
  const tensor = file.append('t', [3, 1], 1, new Float32Array(3));
  file.close();
  expect(tensor).toMatchObject({ name: 't', dims: [3, 1], dataType: 1, dataLocation: dataLocation.external });
  expect(entry(tensor, 'location')).toBe('beside');
});

it('does not write over another file', () => {
  const path = join(temporaryFolder(), 'weights');
  writeFileSync(path, 'precious');
  expect(() => new WeightsFile(path, 'weights')).toThrow('EEXIST');
  expect(readFileSync(path, 'utf8')).toBe('precious');
});
