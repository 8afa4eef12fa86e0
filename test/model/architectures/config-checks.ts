/** Helpers that read the smallest configuration of a family with some fields changed. */
import { JsonFile } from '../../../src/checkpoint/json-file';
import { checkFault } from '../../checkpoint/check-fault';

/** The smallest configuration with the field names of LLaMA and later models. */
export const smallestLlama = {
  hidden_size: 64,
  num_attention_heads: 4,
  vocab_size: 96,
  num_hidden_layers: 3,
  max_position_embeddings: 128,
  intermediate_size: 176,
};

/** The smallest configuration with the field names of GPT-1, GPT-2 and GPT-J. */
export const smallestGpt = { n_embd: 64, n_head: 4, vocab_size: 96, n_layer: 3, n_positions: 128 };

export function configChecks<Config>(readConfig: (json: JsonFile) => Config, smallest: object) {
  const read = (fields: object) =>
    readConfig(JsonFile.parse('config.json', JSON.stringify({ ...smallest, ...fields })));
  /** The error names `field`, and `problem` is part of its text. */
  const checkRefused = (fields: object, field: string, problem: string) =>
    checkFault(() => read(fields), 'config.json', field, problem);
  return { read, checkRefused };
}
