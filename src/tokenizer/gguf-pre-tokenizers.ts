/**
 * llama.cpp's names for ways to cut a text (`tokenizer.ggml.pre` of a GGUF file): its whole table. Several names stand
 * for one way, because the converter gives a name to each model family.
 *
 * Where llama.cpp replaces a published pattern by a simpler one, the published pattern counts: the model was trained with
 * it. Only `whitespace` is missing, which an encoder has. A name that is not here is refused.
 * Source: https://github.com/ggml-org/llama.cpp, `llama-vocab.cpp`, `llama_vocab::impl::load`; the tokenizer.json of the
 * models named.
 */
import { patternsOf, type publishedPatterns } from './pre-tokenizers';

export interface GgufPreTokenizer {
  readonly patterns: readonly string[];
  /** Patterns that cut the bytes once more after they are spelled as characters. */
  readonly byteLevelPatterns?: readonly string[];
  /** A pre-token that is in the vocabulary becomes that token, even if merging would give others. */
  readonly ignoresMerges?: boolean;
  /** A text begins with the start token, unless the file says otherwise (`tokenizer.ggml.add_bos_token`). */
  readonly addsStart?: boolean;
  /** Tokens are spelled as text, with U+2581 for each space. They are not spelled byte by byte. */
  readonly isText?: boolean;
}

type Flags = Omit<GgufPreTokenizer, 'patterns'>;

/** @param names separated by spaces */
function entries(
  names: string,
  way: keyof typeof publishedPatterns,
  flags: Flags = {},
): [string, GgufPreTokenizer][] {
  return names.split(' ').map(name => [name, { patterns: patternsOf(way), ...flags }]);
}

const ignoresMerges = { ignoresMerges: true };
const llama3 = { ignoresMerges: true, addsStart: true };

/**
 * Falcon cuts its bytes once more: numbers, and then digits in threes. Six characters that stand for bytes are numbers
 * for the reference.
 */
const falconBytes = { byteLevelPatterns: ['[0-9²³¹¼½¾]+', '[0-9][0-9][0-9]'] };

/** The name of the way to cut if a file does not say it. llama.cpp warns that such a file is old. */
export const defaultPreTokenizer = 'default';

/** By llama.cpp's name. */
export const ggufPreTokenizers: ReadonlyMap<string, GgufPreTokenizer> = new Map([
  ...entries(defaultPreTokenizer, 'default'),
  ...entries(
    'gpt-2 phi-2 jina-es jina-de gigachat jina-v2-es jina-v2-de a.x-4.0 mellum modern-bert jina-v1-en jina-v2-code ' +
      'roberta-bpe mpt olmo jais trillion granite-docling exaone4',
    'gpt2',
  ),
  ...entries('starcoder refact command-r smollm codeshell exaone minerva-7b mellum2', 'digitsAndGpt2'),
  ...entries(
    'llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano',
    'llama3',
    llama3,
  ),
  ...entries('dbrx smaug-bpe glm4 chatglm-bpe', 'llama3'),
  ...entries('qwen2 deepseek-r1-qwen kormo f2llmv2 stablelm2 megrez hunyuan grok-2 solar-open', 'qwen2'),
  ...entries('qwen35', 'qwen35'),
  ...entries('gpt-4o llama4 kanana2 talkie minimax-m2', 'gpt4o'),
  ...entries('granite-embed-multi-97m', 'gpt4o', ignoresMerges),
  ...entries('tekken', 'tekken', llama3),
  ...entries('tiny_aya cohere2moe', 'tinyAya'),
  ...entries('kimi-k2', 'kimiK2'),
  ...entries('youtu', 'youtu', ignoresMerges),
  ...entries('seed-coder', 'seedCoder'),
  ...entries('ufakzeka', 'ufakzeka'),
  ...entries('bailingmoe bailingmoe2 llada-moe', 'ling'),
  ...entries('exaone-moe', 'exaoneMoe'),
  ...entries('jais-2', 'jais2'),
  ...entries('minicpm5', 'miniCpm5', ignoresMerges),
  ...entries('laguna', 'laguna'),
  ...entries('deepseek-llm', 'deepseekLlm'),
  ...entries('deepseek-coder', 'deepseekCoder'),
  ...entries('deepseek-v3 hunyuan-dense joyai-llm hy_v4', 'deepseekV3'),
  ...entries('spark2_5', 'spark'),
  ...entries('afmoe', 'afmoe'),
  ...entries('poro-chat bloom gpt3-finnish', 'bloom'),
  ...entries('viking', 'viking'),
  ...entries('chameleon', 'chameleon', { addsStart: true }),
  ...entries('superbpe', 'superBpe'),
  ...entries('falcon', 'falcon', falconBytes),
  // The text is merged whole.
  ['gemma4', { patterns: [], isText: true, addsStart: true }],
  ['granite-embed-multi-311m', { patterns: [], isText: true }],
  ['sarvam-moe', { patterns: [], isText: true }],
]);
