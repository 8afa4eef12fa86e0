/** An absurd configuration is refused at once. The error names the field, and nothing large is allocated. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildModel } from '../../src/model/build-model';
import { checkFault } from '../checkpoint/check-fault';
import { checkpointAt } from '../checkpoint/checkpoint-at';
import { watchAllocations } from '../fuzz/watch-allocations';
import { temporaryFolder } from '../temporary-folder';

const tinyLlama = join(__dirname, '../fixtures/tiny-llama');
const text = readFileSync(join(tinyLlama, 'config.json'), 'utf8');

/** The configuration of tiny-llama with the raw text `value` for `field`. */
function configWith(field: string, value: string): string {
  const without = { ...JSON.parse(text), head_dim: undefined, [field]: undefined };
  return JSON.stringify(without).replace('{', `{"${field}":${value},`);
}

it.each([
  ['num_hidden_layers', '1000000000', 'found 1000000000, expected a number from 1 to 1024'],
  ['num_hidden_layers', '0', 'found 0'],
  ['num_hidden_layers', '2.5', 'found 2.5, expected a whole number'],
  ['num_attention_heads', '0', 'found 0'],
  ['num_attention_heads', '6', 'found 6, expected a divisor of hidden_size 64'],
  ['num_key_value_heads', '3', 'found 3, expected a divisor of 4 heads'],
  ['num_key_value_heads', '8', 'found 8, expected a number from 1 to 4'],
  ['hidden_size', '1e9', 'found 1000000000'],
  ['hidden_size', '-64', 'found -64'],
  ['hidden_size', '"64"', 'found "64"'],
  ['head_dim', '15', 'found 15, expected an even number'],
  ['head_dim', '1e400', 'found Infinity'],
  ['intermediate_size', '1e12', 'found 1000000000000'],
  ['vocab_size', '1e12', 'found 1000000000000'],
  ['max_position_embeddings', '1e18', 'found 1000000000000000000'],
  ['rms_norm_eps', '1e400', 'found Infinity'],
  ['rms_norm_eps', '-1e-6', 'found -0.000001'],
  ['rms_norm_eps', '{}', 'found {}'],
  ['rope_theta', '-1', 'found -1'],
  ['rope_theta', '1e400', 'found Infinity'],
  ['rope_scaling', '{"rope_type":"linear","factor":1e400}', 'found Infinity'],
  [
    'quantization_config',
    '{"quant_method":"gptq","bits":4}',
    'found {"quant_method":"gptq","bits":4}, expected none',
  ],
  ['model_type', '["llama"]', 'found ["llama"], expected one of'],
])('refuses %s of %s', (field, value, problem) => {
  const path = field === 'rope_scaling' ? 'rope_scaling.factor' : field;
  check(configWith(field, value), path, problem);
});

it.each([
  ['NaN for a number', configWith('rms_norm_eps', 'NaN'), 'file', 'is not JSON'],
  ['a field twice', configWith('vocab_size', '96,"vocab_size":97'), 'vocab_size', 'is there twice'],
  ['an empty file', '', 'file', 'is not JSON'],
  ['half a file', text.slice(0, text.length / 2), 'file', 'is not JSON'],
])('refuses %s', (_, config, field, problem) => check(config, field, problem));

function check(config: string, field: string, problem: string): void {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'config.json'), config);
  copyFileSync(join(tinyLlama, 'model.safetensors'), join(folder, 'model.safetensors'));
  const watch = watchAllocations();
  const start = performance.now();
  try {
    const build = () => buildModel(checkpointAt(folder), temporaryFolder(), { bits: 8 });
    checkFault(build, join(folder, 'config.json'), field, problem);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(watch.takeLargest()).toBeLessThan(1e6);
  } finally {
    watch.stop();
  }
}
