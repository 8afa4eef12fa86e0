/**
 * Refuses models that write no text from left to right, and files that only belong to a model, in one line that says what
 * they are and what to do: adapters, encoders, parts of multimodal models, folders without weights that we read.
 *
 * Sources: llama.cpp, `gguf-py/gguf/constants.py` (types and architectures) and `tools/gguf-split`; ComfyUI-GGUF,
 * `loader.py` (image models); transformers (`model_type`, `architectures`, `quantization_config`), PEFT, diffusers,
 * sentence-transformers and mlx-lm for the names of their files.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { importanceMatrix, pickled, recogniseName, unfinishedName } from './foreign-bytes';
import { isString, JsonFile } from './json-file';
import { ModelFileError } from './model-file-error';

const takeDecoder = 'take a model that writes text, such as Qwen2.5-Coder';
const embeds = `an embedding model: it turns a text into a vector and writes none; ${takeDecoder}`;
const ranks = `a model that judges texts and writes none; ${takeDecoder}`;
const encodes = `an encoder: it reads text and writes none; ${takeDecoder}`;
const translates = `an encoder-decoder, which writes a second text and does not go on with the first; ${takeDecoder}`;
const paints = `a model of images or video; ${takeDecoder}`;
const hears = `a model of speech or sound; ${takeDecoder}`;
const unmasks = `a diffusion model of text, which does not write from left to right; ${takeDecoder}`;

const words = (text: string) => text.split(' ');
const table = (...rows: readonly (readonly [names: string, says: string])[]): ReadonlyMap<string, string> =>
  new Map(rows.flatMap(([names, says]) => words(names).map(name => [name, says] as const)));

/** By `general.architecture`. */
const ggufArchitectures = table(
  [
    'bert modern-bert nomic-bert nomic-bert-moe neo-bert jina-bert-v2 jina-bert-v3 eurobert t5encoder',
    encodes,
  ],
  ['gemma-embedding llama-embed', embeds],
  ['t5', translates],
  ['flux sd1 sd3 sdxl aura hidream cosmos ltxv hyvid wan lumina2 qwen_image pig', paints],
  ['whisper parakeet wavtokenizer-dec', hears],
  ['dream llada llada-moe rnd1', unmasks],
);

/** @throws ModelFileError if a GGUF file is something else than a model that writes text */
export function refuseForeignGguf(path: string, metadata: JsonFile): void {
  const refuse = (field: string, says: string): never => {
    throw new ModelFileError(path, field, says);
  };
  const architecture = metadata.unknown('general.architecture');
  const kind = metadata.unknown('general.type');
  const keys = metadata.keys();
  if (kind === 'adapter' || keys.includes('adapter.type')) {
    const base = metadata.unknown('general.base_model.0.name');
    const named = isString(base) ? ` of ${base}` : '';
    refuse(
      'general.type',
      `is a LoRA adapter${named}, not a model; merge it into its base model with llama-export-lora and give the result`,
    );
  }
  if (kind === 'imatrix' || keys.some(key => key.startsWith('imatrix.')))
    refuse('general.type', importanceMatrix);
  if (kind === 'mmproj' || architecture === 'clip' || keys.some(key => key.startsWith('clip.')))
    refuse(
      'general.type',
      "is an mmproj file, the part of a multimodal model that reads images or sound; give the text model's GGUF file",
    );
  if (architecture === 'controlvector')
    refuse(
      'general.architecture',
      'is a control vector, which changes a model and is none; give the GGUF file of the model',
    );
  if (!isString(architecture)) return;
  const says = ggufArchitectures.get(architecture);
  if (says !== undefined) refuse('general.architecture', `found "${architecture}", ${says}`);
  const pooling = `${architecture}.pooling_type`;
  // 0 is none, 4 ranks texts, and the others make one vector of a text.
  const kindOfPooling = metadata.integer(pooling, { min: -1, fallback: 0 });
  if (kindOfPooling > 0)
    refuse(pooling, `found ${kindOfPooling}, that of ${kindOfPooling === 4 ? ranks : embeds}`);
  if (metadata.unknown(`${architecture}.attention.causal`) === false)
    refuse(`${architecture}.attention.causal`, `found false, expected true: this is ${encodes}`);
}

/** @throws ModelFileError for a file that has a vocabulary and no weights, as llama.cpp's tests have them */
export function refuseVocabularyOnly({ path, metadata, tensors }: VocabularyFile): void {
  if (tensors.size === 0 && metadata.has('tokenizer.ggml.tokens'))
    throw new ModelFileError(
      path,
      'tensor count',
      'found 0: the file has a vocabulary and no weights; give the GGUF file of the whole model',
    );
}

interface VocabularyFile {
  readonly path: string;
  readonly metadata: JsonFile;
  readonly tensors: ReadonlyMap<string, unknown>;
}

/** By `model_type`. */
const modelTypes = table(
  [
    'bert roberta xlm-roberta xlm-roberta-xl camembert distilbert albert electra deberta deberta-v2 mpnet modernbert ' +
      'nomic_bert neobert eurobert ernie longformer big_bird funnel squeezebert mobilebert roformer rembert fnet ' +
      'convbert nystromformer canine luke flaubert xlm esm jina_bert new codesage',
    encodes,
  ],
  [
    't5 mt5 umt5 longt5 switch_transformers codet5p bart mbart plbart pegasus pegasus_x marian m2m_100 nllb-moe led ' +
      'blenderbot fsmt prophetnet bigbird_pegasus t5gemma encoder-decoder seamless_m4t',
    translates,
  ],
  ['whisper wav2vec2 hubert wavlm speech_to_text clap encodec musicgen bark speecht5 vits parakeet', hears],
  ['clip siglip siglip2 vit dinov2 swin blip beit deit detr sam stable-diffusion', paints],
  ['llada llada_moe dream', unmasks],
);

/** By `quant_method` of a `quantization_config`; others are named as the file names them. */
const quantisers: Readonly<Record<string, string>> = {
  awq: 'AWQ',
  gptq: 'GPTQ',
  bitsandbytes: 'bitsandbytes',
  fp8: 'FP8',
  exl2: 'ExLlamaV2',
  exl3: 'ExLlamaV3',
  mxfp4: 'MXFP4',
};

/**
 * @param weightsFile where the weights should be; undefined if the folder is run as an ONNX export
 * @throws ModelFileError if a folder is something else than a model that writes text
 */
export function refuseForeignFolder(folder: string, weightsFile: string | undefined): void {
  // Opening a file in it says what is wrong.
  if (!statSync(folder).isDirectory()) return;
  const names = readdirSync(folder);
  const has = (name: string) => names.includes(name);
  const refuse = (says: string): never => {
    throw new ModelFileError(folder, 'folder', says);
  };
  const hasWeights = weightsFile === undefined || has(basename(weightsFile));
  // Safari keeps an unfinished download in a folder.
  if (/\.download$/i.test(folder)) refuse(recogniseName(folder)!);
  if ((has('adapter_config.json') || names.some(name => /^adapter_model\./.test(name))) && !hasWeights) {
    const base = readFields(join(folder, 'adapter_config.json'))?.unknown('base_model_name_or_path');
    const named = isString(base) ? ` of ${base}` : '';
    refuse(
      `is a LoRA adapter${named}, not a model; merge it into its base model with merge_and_unload of PEFT and give the result`,
    );
  }
  if (has('model_index.json')) refuse(`is a pipeline of diffusers, ${paints}`);
  if (has('config_sentence_transformers.json') || has('modules.json') || has('1_Pooling'))
    refuse(`is ${embeds}`);
  refuseForeignConfig(folder, weightsFile !== undefined);
  if (!hasWeights) refuseOtherWeights(names, refuse);
}

function refuseForeignConfig(folder: string, areWeightsRead: boolean): void {
  const path = join(folder, 'config.json');
  const config = readFields(path);
  if (config === undefined) return;
  const refuse = (field: string, says: string): never => {
    throw new ModelFileError(path, field, says);
  };
  const [modelType, className] = [config.unknown('model_type'), config.unknown('_class_name')];
  const found = JSON.stringify(modelType ?? className);
  if (isString(className)) refuse('_class_name', `found ${found}, a part of ${paints}`);
  const says = isString(modelType) ? modelTypes.get(modelType) : undefined;
  if (says !== undefined) refuse('model_type', `found ${found}, ${says}`);
  if (config.unknown('is_encoder_decoder') === true)
    refuse('is_encoder_decoder', `found true: this is ${translates}`);
  if (config.has('vision_config') || config.has('audio_config'))
    refuse(
      config.has('vision_config') ? 'vision_config' : 'audio_config',
      `is that of a multimodal model (${found}); a GGUF file of it has the text model alone, which Sotto reads if it knows its architecture`,
    );
  refuseForeignHead(config, refuse);
  if (areWeightsRead) refuseQuantised(folder, config);
}

type Refuse = (field: string, says: string) => never;

/** The class in `architectures` says what stands on the model: a matrix that writes, or one that classifies. */
function refuseForeignHead(config: JsonFile, refuse: Refuse): void {
  const list = config.unknown('architectures');
  const name = Array.isArray(list) && isString(list[0]) ? list[0] : '';
  const field = 'architectures';
  if (/For(MaskedLM|PreTraining)$/.test(name)) refuse(field, `found "${name}", ${encodes}`);
  if (
    /For\w*(Classification|Regression|QuestionAnswering|MultipleChoice|RewardModel|Score)$|Reward/.test(name)
  )
    refuse(field, `found "${name}", ${ranks}`);
  if (/(?<!LMHead|DoubleHeads|ChatGLM)Model$/.test(name))
    refuse(field, `found "${name}", a model without its last matrix, as in ${embeds}`);
}

function refuseQuantised(folder: string, config: JsonFile): void {
  const notRead = (kind: string) =>
    `weights rounded by ${kind} are not read; take the folder with F32, F16 or BF16 weights, or a GGUF file`;
  // mlx-lm writes its own field, and newer versions the other one too.
  if (config.has('quantization'))
    throw config.wrong('quantization', config.unknown('quantization'), `none: ${notRead('MLX')}`);
  const field = 'quantization_config';
  if (config.has(field)) {
    const value = config.unknown(field);
    const method = Object(value).quant_method;
    const kind = isString(method) ? (quantisers[method] ?? method) : 'another program';
    throw config.wrong(field, value, `none: ${notRead(kind)}`);
  }
  for (const [file, kind] of [
    ['quantize_config.json', 'GPTQ'],
    ['quant_config.json', 'AWQ'],
  ] as const)
    if (existsSync(join(folder, file)))
      throw new ModelFileError(
        join(folder, file),
        'file',
        `says how the weights are rounded, but ${notRead(kind)}`,
      );
}

/** What a folder has in place of weights that we read. */
function refuseOtherWeights(names: readonly string[], refuse: (says: string) => never): void {
  const find = (pattern: RegExp) => names.filter(name => pattern.test(name)).sort();
  const [gguf, parts, pickles] = [
    find(/\.gguf$/i),
    find(/^model-\d{5}-of-\d{5}\.safetensors$/),
    find(picklesPattern),
  ];
  const list = (files: readonly string[]) =>
    `${files.slice(0, 3).join(', ')}${files.length > 3 ? ', …' : ''}`;
  if (gguf.length > 0) refuse(`is a folder of GGUF files; give one of the files: ${list(gguf)}`);
  const unfinished = find(unfinishedName);
  if (unfinished.length > 0) refuse(`has ${list(unfinished)}, which ${recogniseName(unfinished[0]!)}`);
  if (parts.length > 0)
    refuse(
      'has no model.safetensors.index.json, which says what is in each part of its weights; download it too',
    );
  const otherSafetensors = find(/\.safetensors$/);
  if (otherSafetensors.length > 0)
    refuse(
      `has weights of another name, ${list(otherSafetensors)}; if they are the model, name them model.safetensors`,
    );
  if (pickles.length > 0) refuse(`has weights only as ${list(pickles)}, ${pickled}`);
  const others = find(
    /\.(h5|msgpack|npz|ot|nemo|tflite|mlmodel|mlpackage|engine|trt)$|^(openvino_model\.xml|model\.ckpt\.index|saved_model\.pb)$/,
  );
  if (others.length > 0)
    refuse(
      `has weights only as ${list(others)}, which Sotto does not read; take the model as safetensors or GGUF`,
    );
  if (names.includes('snapshots') && names.includes('blobs'))
    refuse('is a folder of the cache of huggingface_hub; give the folder of a version below its snapshots');
  if (names.includes('manifests') && names.includes('blobs'))
    refuse('is the store of Ollama; give the file that "ollama show --modelfile MODEL" prints after FROM');
  const exported = find(/\.onnx$/i);
  if (exported.length > 0)
    refuse(`has no ONNX file of a known name; give one of the files: ${list(exported)}`);
  if (find(/^(tokenizer\.(json|model)|tokenizer_config\.json|vocab\.(json|txt))$/).length > 0)
    refuse('has a tokenizer but no weights; download model.safetensors too, or take a GGUF file');
}

const picklesPattern = /\.(bin|pt|pth|pkl|ckpt)$|^pytorch_model\.bin\.index\.json$/i;

/** @returns undefined if the file cannot be read. The code that needs it says what is wrong with it. */
function readFields(path: string): JsonFile | undefined {
  try {
    return JsonFile.read(path);
  } catch {
    return undefined;
  }
}
