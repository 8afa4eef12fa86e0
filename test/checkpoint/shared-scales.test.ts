import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openGguf } from '../../src/checkpoint/gguf';
import { joinBlocks } from '../../src/checkpoint/shared-scales';
import { temporaryFolder } from '../temporary-folder';
import { checkFault } from './check-fault';
import { ggufOfTinyLlama, type Pack, packQ8_0 } from './gguf-of-fixture';
import { type GgufParts, type GgufValue, ggufBytes, uint32 } from './write-gguf';

describe('blocks that share a scale', () => {
  it('become longer ones of the same levels, and a row that is not full is padded with zeros', () => {
    const packed = Uint8Array.from({ length: 2 * 96 }, (_, i) => i);
    const scales = Float32Array.of(1, 1, 2, 3, 3, 4);
    const joined = joinBlocks({ bits: 8, blockSize: 32, rows: 2, columns: 96, packed, scales }, 64)!;
    expect(joined).toMatchObject({
      blockSize: 64,
      rows: 2,
      columns: 96,
      scales: Float32Array.of(1, 2, 3, 4),
    });
    const padding = new Array<number>(32).fill(128);
    expect([...joined.packed]).toEqual([...packed.slice(0, 96), ...padding, ...packed.slice(96), ...padding]);
  });

  it('may have four bits', () => {
    const packed = Uint8Array.from({ length: 48 }, (_, i) => i);
    const matrix = { bits: 4, blockSize: 32, rows: 1, columns: 96, packed, scales: Float32Array.of(1, 1, 2) };
    const joined = joinBlocks({ ...matrix, bits: 4 }, 64)!;
    expect([...joined.packed]).toEqual([...packed, ...new Array<number>(16).fill(0x88)]);
  });

  it('that do not share one are not joined', () => {
    const matrix = { bits: 8, blockSize: 32, rows: 1, columns: 64, packed: new Uint8Array(64) } as const;
    expect(joinBlocks({ ...matrix, scales: Float32Array.of(1, 2) }, 64)).toBeUndefined();
  });
});

/** Pairs of blocks of a row have one scale: levels 127, and 1 in the second block of each pair. */
const packPairs: Pack = values => {
  const { type, data } = packQ8_0(values);
  const half = data.slice(0, 2);
  for (let at = 0; at < data.length; at += 34) data.set(half, at);
  return { type, data };
};

function write(parts: GgufParts, key: GgufValue): string {
  const path = join(temporaryFolder(), 'model.gguf');
  const metadata = { ...parts.metadata, 'sotto.scale_block': key };
  writeFileSync(path, ggufBytes({ ...parts, metadata }));
  return path;
}

const tinyLlama = join(__dirname, '../fixtures/tiny-llama');
const name = 'model.embed_tokens.weight';

describe('sotto.scale_block', () => {
  it('says how long the blocks are that a matrix has, and floats stay the same', () => {
    const { weights } = openGguf(write(ggufOfTinyLlama(tinyLlama, packPairs), uint32(64)));
    onTestFinished(() => weights.close());
    const [rows, columns] = weights.shape(name);
    expect(weights.stored!(name).blocks).toMatchObject({ bits: 8, blockSize: 64 });
    const { packed, scales, blockSize } = weights.readBlocks!(name, rows!, columns!)!;
    const values = weights.read(name, [rows!, columns!]);
    expect(blockSize).toBe(64);
    expect(values).toEqual(
      Float32Array.from(packed, (level, i) => (level - 128) * scales[Math.floor(i / 64)]!),
    );
  });

  it('is refused if the scales differ', () => {
    const path = write(ggufOfTinyLlama(tinyLlama, packQ8_0), uint32(64));
    const { weights } = openGguf(path);
    onTestFinished(() => weights.close());
    const [rows, columns] = weights.shape(name);
    checkFault(
      () => weights.readBlocks!(name, rows!, columns!),
      path,
      "tensor 'token_embd.weight'",
      'found other scales, expected the same scale for every 64 values',
    );
  });

  it('is refused if no whole blocks have that length', () => {
    const path = write(ggufOfTinyLlama(tinyLlama, packPairs), uint32(48));
    checkFault(() => openGguf(path), path, 'sotto.scale_block', 'found 48, expected a multiple of 32');
  });
});
