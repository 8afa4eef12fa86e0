/**
 * Models that are good at code completion, small enough for a processor without a graphics card, and free to download.
 * Each writes text that belongs between two others (fill-in-the-middle), and Sotto has its architecture and layout.
 *
 * Sizes, licences and names are those of the repositories' own pages on huggingface.co.
 */
export interface CatalogueModel {
  readonly name: string;
  readonly repository: string;
  /** Which of the repository's files. */
  readonly file: RegExp;
  readonly quantisation: string;
  /** Of the file, as its page rounds it. The exact size is asked before the download. */
  readonly bytes: number;
  readonly licence: string;
  /** Said beside the licence if it allows less than most. */
  readonly restriction?: 'not for commercial use' | 'some uses are excluded';
  /** Lines filled in exactly, in percent. */
  readonly linesRight?: number;
}

/**
 * Where `linesRight` is from: table 7 of the Qwen2.5-Coder report, the mean over Python, Java and JavaScript of
 * single-line infilling, with unrounded weights. Two tables with other prompts may differ by ten points
 * (docs/log.md, "Public benchmarks"), so all figures are of one table, and a model that it does not have gets none.
 */
export const linesRightSource = 'arXiv 2409.12186, table 7';

export const catalogue: readonly CatalogueModel[] = [
  {
    name: 'Qwen2.5-Coder 0.5B',
    repository: 'lmstudio-community/Qwen2.5-Coder-0.5B-GGUF',
    file: /Q8_0\.gguf$/,
    quantisation: 'Q8_0',
    bytes: 531e6,
    licence: 'Apache-2.0',
    linesRight: 77.7,
  },
  {
    name: 'Qwen2.5-Coder 1.5B',
    repository: 'mradermacher/Qwen2.5-Coder-1.5B-GGUF',
    file: /\.Q4_K_M\.gguf$/,
    quantisation: 'Q4_K_M',
    bytes: 986e6,
    licence: 'Apache-2.0',
    linesRight: 83.5,
  },
  {
    name: 'Qwen2.5-Coder 1.5B',
    repository: 'ggml-org/Qwen2.5-Coder-1.5B-Q8_0-GGUF',
    file: /q8_0\.gguf$/i,
    quantisation: 'Q8_0',
    bytes: 1.65e9,
    licence: 'Apache-2.0',
    linesRight: 83.5,
  },
  {
    name: 'DeepSeek-Coder 1.3B',
    repository: 'mradermacher/deepseek-coder-1.3b-base-i1-GGUF',
    file: /i1-Q4_K_M\.gguf$/,
    quantisation: 'Q4_K_M',
    bytes: 874e6,
    licence: 'DeepSeek',
    restriction: 'some uses are excluded',
    linesRight: 80.7,
  },
  {
    name: 'CodeGemma 2B',
    repository: 'bartowski/codegemma-2b-GGUF',
    file: /Q4_K_M\.gguf$/,
    quantisation: 'Q4_K_M',
    bytes: 1.63e9,
    licence: 'Gemma',
    restriction: 'some uses are excluded',
  },
  {
    name: 'StarCoder2 3B',
    repository: 'mradermacher/starcoder2-3b-GGUF',
    file: /\.Q4_K_M\.gguf$/,
    quantisation: 'Q4_K_M',
    bytes: 1.89e9,
    licence: 'BigCode OpenRAIL-M',
    restriction: 'some uses are excluded',
    linesRight: 80.4,
  },
  {
    name: 'Qwen2.5-Coder 3B',
    repository: 'bartowski/Qwen2.5-Coder-3B-GGUF',
    file: /Q4_K_M\.gguf$/,
    quantisation: 'Q4_K_M',
    bytes: 1.93e9,
    licence: 'Qwen Research',
    restriction: 'not for commercial use',
    linesRight: 85.7,
  },
];
