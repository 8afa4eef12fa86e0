/** An export that repeats each token. It has the rarer inputs of ready-made exports. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GraphBuilder } from '../../src/model/onnx-file/graph-builder';
import { WeightsFile } from '../../src/model/onnx-file/weights-file';

/**
 * Writes `model.onnx` and `config.json`. The likeliest next token is the last token again: its logit is 1, and 2 in the
 * branch with a past. The row of a token in the cache is its id.
 * @returns the path of `model.onnx`
 */
export function writeEchoExport(folder: string, vocabulary: number): string {
  const weights = new WeightsFile(join(folder, 'model.onnx_data'), 'model.onnx_data');
  const b = new GraphBuilder(weights);
  const ids = b.input('input_ids', 'int64', ['batch', 'new']);
  const kept = b.input('num_logits_to_keep', 'int64', []);
  const hasPast = b.input('use_cache_branch', 'bool', [1]);
  const floats = b.op('Cast', [ids], { to: 1 });
  const rows = b.op('Unsqueeze', [floats, b.ints([1, 3])]);
  for (const part of ['key', 'value']) {
    const past = b.input(`past_key_values.0.${part}`, 'float', ['batch', 1, 'past', 1]);
    b.output(`present.0.${part}`, b.op('Concat', [past, rows], { axis: 2 }), ['batch', 1, 'all', 1]);
  }
  const start = b.op('Neg', [b.op('Reshape', [kept, b.ints([1])])]);
  const last = b.op('Slice', [ids, start, b.ints([2 ** 31]), b.ints([1])]);
  const offAndOn = b.weight('offAndOn', [2], Float32Array.of(0, 1));
  const logits = b.op('OneHot', [last, b.ints([vocabulary]), offAndOn]);
  const scale = b.op('Where', [hasPast, b.float(2), b.float(1)]);
  b.output('logits', b.op('Mul', [logits, scale]), ['batch', 'kept', vocabulary]);
  const path = join(folder, 'model.onnx');
  writeFileSync(path, b.finish({}));
  weights.close();
  const config = {
    model_type: 'echo',
    vocab_size: vocabulary,
    n_embd: 1,
    n_head: 1,
    n_layer: 1,
    n_positions: 512,
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  return path;
}
