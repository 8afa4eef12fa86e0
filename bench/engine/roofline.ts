/**
 * The best that this processor can do. Bytes a second from memory limit decoding. Multiplications a second limit prefill:
 * they are measured with ONNX Runtime's own int8 product, on a large matrix.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { MatrixProducts } from '../../src/model/matrix-products';
import { GraphBuilder } from '../../src/model/onnx-file/graph-builder';
import { WeightsFile } from '../../src/model/onnx-file/weights-file';
import type { Row } from '../measure/tables';

const repetitions = 7;

export async function measureRoofline(): Promise<Row[]> {
  return [
    { what: 'copying 256 MB: bytes read', unit: 'GB/s', values: copyRates() },
    { what: 'int8 product, 256 x 2048 x 2048', unit: 'G multiplications/s', values: await productRates() },
  ];
}

function copyRates(): number[] {
  const from = Buffer.alloc(256_000_000, 1);
  const to = Buffer.alloc(from.length);
  return Array.from({ length: repetitions }, () => {
    const start = performance.now();
    from.copy(to);
    return from.length / 1e6 / (performance.now() - start);
  });
}

async function productRates(): Promise<number[]> {
  const [tokens, size] = [256, 2048];
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
  try {
    const weights = new WeightsFile(join(folder, 'weights'), 'weights');
    const builder = new GraphBuilder(weights);
    const matrix = new Float32Array(size * size).map((_, i) => Math.sin(i));
    const source = {
      names: ['matrix'],
      has: () => true,
      shape: () => [size, size],
      read: () => matrix,
      close: () => undefined,
    };
    const products = new MatrixProducts(builder, source, 8);
    const x = builder.input('x', 'float', [1, tokens, size]);
    builder.output('y', products.linear(x, { name: 'matrix', outputs: size }, size), [1, tokens, size]);
    writeFileSync(join(folder, 'model.onnx'), builder.finish({}));
    weights.close();
    const session = await InferenceSession.create(join(folder, 'model.onnx'), { intraOpNumThreads: 1 });
    const feeds = { x: new Tensor('float32', matrix.slice(0, tokens * size), [1, tokens, size]) };
    await session.run(feeds);
    const rates: number[] = [];
    for (let i = 0; i < repetitions; i++) {
      const start = performance.now();
      await session.run(feeds);
      rates.push((tokens * size * size) / 1e6 / (performance.now() - start));
    }
    await session.release();
    return rates;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
