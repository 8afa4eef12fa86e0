/** Files and folders that people take for a model: what is in each, and the line that Sotto says of it. */
import { readFileSync } from 'node:fs';
import { type GgufValue, ggufBytes, text, texts, uint32 } from './write-gguf';
import { safetensorsBytes } from './write-safetensors';

/** Paths below one folder, with the content of each file. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** `says` is the whole line after the path that is given; `$` stands for that path. */
export interface ForeignFixture {
  readonly files: Files;
  /** The path that the user gives, below the folder. */
  readonly give: string;
  readonly says: string;
}

const bytes = (latin1: string) => Uint8Array.from(Buffer.from(latin1, 'latin1'));

/** One file. */
const file = (give: string, content: string | Uint8Array, says: string): ForeignFixture => ({
  files: { [give]: content },
  give,
  says: `$: ${says}`,
});

/** One GGUF file with these metadata and no tensors. */
const gguf = (give: string, metadata: Readonly<Record<string, GgufValue>>, says: string): ForeignFixture =>
  file(give, ggufBytes({ metadata }), says);

/** A folder `m` of these files. An array of names stands for files with a byte in them. */
const folder = (files: Files | readonly string[], says: string): ForeignFixture => {
  const contents: Files = isNames(files) ? Object.fromEntries(files.map(name => [name, 'x'])) : files;
  return {
    files: Object.fromEntries(Object.entries(contents).map(([name, content]) => [`m/${name}`, content])),
    give: 'm',
    says: `$${says}`,
  };
};

const isNames = (files: Files | readonly string[]): files is readonly string[] => Array.isArray(files);

const weights = safetensorsBytes('{}');
/** A configuration that is read without a fault. */
const llama = readFileSync('test/fixtures/tiny-llama/config.json', 'utf8');

/** A whole folder whose config.json has these fields. */
const config = (fields: Readonly<Record<string, unknown>>, says: string): ForeignFixture =>
  folder({ 'config.json': JSON.stringify(fields), 'model.safetensors': weights }, `/config.json: ${says}`);

const pointer =
  'version https://git-lfs.github.com/spec/v1\n' +
  'oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n' +
  'size 986000000\n';
const pointerSays =
  'is a Git LFS pointer in place of a file of 986.0 MB; run "git lfs pull" in its folder, or download the file itself';
const page = '<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>\n';
const pageSays =
  'is a web page ("Sign in"), as a server sends it instead of the file; download the file itself';
const takeDecoder = 'take a model that writes text, such as Qwen2.5-Coder';
const encoder = `an encoder: it reads text and writes none; ${takeDecoder}`;
const embedding = `an embedding model: it turns a text into a vector and writes none; ${takeDecoder}`;
const ranks = `a model that judges texts and writes none; ${takeDecoder}`;
const encoderDecoder = `an encoder-decoder, which writes a second text and does not go on with the first; ${takeDecoder}`;
const images = `a model of images or video; ${takeDecoder}`;
const speech = `a model of speech or sound; ${takeDecoder}`;
const pickles =
  'which are pickles: to open one can run any program, so Sotto reads none; ' +
  'take the model as safetensors or GGUF, or convert it with save_pretrained of transformers';
const unfinished = 'is a download that is not complete; let it end, or start it again';
const rounded = (kind: string) =>
  `weights rounded by ${kind} are not read; take the folder with F32, F16 or BF16 weights, or a GGUF file`;
const mmproj =
  "is an mmproj file, the part of a multimodal model that reads images or sound; give the text model's GGUF file";
const imatrix =
  'is an importance matrix, with which llama-quantize rounds a model; give the GGUF file of the model';

/** A zip archive whose first file has this name. */
const zip = (name: string) => {
  const header = Buffer.alloc(30);
  header.write('PK\x03\x04', 'latin1');
  header.writeUInt16LE(name.length, 26);
  return Uint8Array.from(Buffer.concat([header, Buffer.from(name), Buffer.alloc(8)]));
};

const tar = () => {
  const header = Buffer.alloc(512);
  header.write('model/config.json');
  header.write('ustar', 257);
  return Uint8Array.from(header);
};

export const foreignFixtures: Readonly<Record<string, ForeignFixture>> = {
  'a Git LFS pointer': file('m.gguf', pointer, `file: ${pointerSays}`),
  'a Git LFS pointer as weights': folder(
    { 'config.json': llama, 'model.safetensors': pointer },
    `/model.safetensors: file: ${pointerSays}`,
  ),
  'a Git LFS pointer as config.json': folder(
    { 'config.json': pointer, 'model.safetensors': weights },
    `/config.json: file: is not JSON: it ${pointerSays}`,
  ),
  'a Git LFS pointer as an ONNX export': folder(
    { 'config.json': '{"model_type":"llama"}', 'onnx/model.onnx': pointer },
    `/onnx/model.onnx: file: ${pointerSays}`,
  ),
  'a web page': file('m.gguf', page, `file: ${pageSays}`),
  'a web page without a title': file(
    'm.gguf',
    '\n<html>',
    'file: is a web page, as a server sends it instead of the file; download the file itself',
  ),
  'a web page as weights': folder(
    { 'config.json': llama, 'model.safetensors': page },
    `/model.safetensors: file: ${pageSays}`,
  ),
  'the answer of a server that has no such file': file(
    'm.gguf',
    'Entry not found',
    'file: is a text that begins with "Entry not found"; download the model again',
  ),
  'an empty file': file('m.gguf', '', 'file: is empty; download it again'),
  'empty weights': folder(
    { 'config.json': llama, 'model.safetensors': '' },
    '/model.safetensors: file: is empty; download it again',
  ),
  'a file of zeros': file(
    'm.gguf',
    new Uint8Array(4096),
    'file: begins with nothing but zeros, so its download is not complete; download it again',
  ),
  'a download of Firefox': file('m.gguf.part', ggufBytes({}), `file: ${unfinished}`),
  'a download of Chrome': file('m.gguf.crdownload', ggufBytes({}), `file: ${unfinished}`),
  'a download of huggingface_hub': file('4d7a2146.incomplete', ggufBytes({}), `file: ${unfinished}`),
  'a GGUF file that is cut off': file(
    'm.gguf',
    ggufBytes({
      metadata: { 'general.architecture': text('llama') },
      tensors: { a: { dims: [64], type: 0, data: new Uint8Array(256) } },
    }).subarray(0, 200),
    "tensor 'a': found F32 of shape [64] at byte 128, but the file has 200 bytes; the file is damaged or not complete, download it again",
  ),
  'safetensors that are cut off': folder(
    {
      'config.json': llama,
      'model.safetensors': safetensorsBytes('{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}'),
    },
    "/model.safetensors: tensor 'w': data_offsets [0, 16] lie outside the file's 63 bytes; the file is damaged or not complete, download it again",
  ),
  'a piece of a file that was cut': file(
    'm.gguf.part2of3',
    bytes('\xff\xff\xff\xff'),
    'file: is a part of a file that was cut; join all parts with cat, in their order',
  ),
  'a LoRA adapter as GGUF': gguf(
    'lora.gguf',
    {
      'general.type': text('adapter'),
      'general.architecture': text('llama'),
      'general.base_model.0.name': text('Qwen2.5 Coder 7B'),
      'adapter.type': text('lora'),
    },
    'general.type: is a LoRA adapter of Qwen2.5 Coder 7B, not a model; merge it into its base model with llama-export-lora and give the result',
  ),
  'a LoRA adapter as folder': folder(
    {
      'adapter_config.json': '{"base_model_name_or_path":"Qwen/Qwen2.5-Coder-7B"}',
      'adapter_model.safetensors': weights,
      'tokenizer.json': '{}',
    },
    ': folder: is a LoRA adapter of Qwen/Qwen2.5-Coder-7B, not a model; merge it into its base model with merge_and_unload of PEFT and give the result',
  ),
  'an mmproj': gguf('mmproj-m.gguf', { 'general.architecture': text('clip') }, `general.type: ${mmproj}`),
  'an mmproj by its type': gguf(
    'mmproj-m.gguf',
    { 'general.type': text('mmproj') },
    `general.type: ${mmproj}`,
  ),
  'an imatrix as GGUF': gguf('imatrix.gguf', { 'general.type': text('imatrix') }, `general.type: ${imatrix}`),
  'an imatrix': file('m.imatrix.dat', bytes('\x10\0\0\0'), `file: ${imatrix}`),
  'a control vector': gguf(
    'control.gguf',
    { 'general.architecture': text('controlvector'), 'controlvector.model_hint': text('llama') },
    'general.architecture: is a control vector, which changes a model and is none; give the GGUF file of the model',
  ),
  'a GGUF with a vocabulary alone': gguf(
    'ggml-vocab-llama.gguf',
    { 'general.architecture': text('llama'), 'tokenizer.ggml.tokens': texts(['a']) },
    'tensor count: found 0: the file has a vocabulary and no weights; give the GGUF file of the whole model',
  ),
  'an encoder as GGUF': gguf(
    'bge.gguf',
    { 'general.architecture': text('bert') },
    `general.architecture: found "bert", ${encoder}`,
  ),
  'an embedding model as GGUF': gguf(
    'embed.gguf',
    { 'general.architecture': text('qwen3'), 'qwen3.pooling_type': uint32(3) },
    `qwen3.pooling_type: found 3, that of ${embedding}`,
  ),
  'a reranker as GGUF': gguf(
    'rerank.gguf',
    { 'general.architecture': text('qwen3'), 'qwen3.pooling_type': uint32(4) },
    `qwen3.pooling_type: found 4, that of ${ranks}`,
  ),
  'an encoder-decoder as GGUF': gguf(
    't5.gguf',
    { 'general.architecture': text('t5') },
    `general.architecture: found "t5", ${encoderDecoder}`,
  ),
  'a diffusion model as GGUF': gguf(
    'flux.gguf',
    { 'general.architecture': text('flux') },
    `general.architecture: found "flux", ${images}`,
  ),
  'a model of speech as GGUF': gguf(
    'whisper.gguf',
    { 'general.architecture': text('whisper') },
    `general.architecture: found "whisper", ${speech}`,
  ),
  'a diffusion model of text as GGUF': gguf(
    'llada.gguf',
    { 'general.architecture': text('llada') },
    `general.architecture: found "llada", a diffusion model of text, which does not write from left to right; ${takeDecoder}`,
  ),
  'a model of whisper.cpp': file(
    'ggml-base.bin',
    bytes('lmgg\0\0'),
    'file: is a GGML file from before GGUF, or a model of whisper.cpp; take a GGUF file of the model',
  ),
  'a model from before GGUF': file(
    'm.ggml.bin',
    bytes('tjgg\x03\0'),
    'file: is a GGML file from before GGUF, or a model of whisper.cpp; take a GGUF file of the model',
  ),
  'safetensors named .gguf': file(
    'm.gguf',
    weights,
    'file: is a safetensors file, not a GGUF file; name it model.safetensors, put config.json and tokenizer.json beside it, and give the folder',
  ),
  'GGUF named .safetensors': folder(
    { 'config.json': llama, 'model.safetensors': ggufBytes({}) },
    '/model.safetensors: file: is a GGUF file with the name of a safetensors file; give this file itself as the model',
  ),
  "the weights of a model's folder": {
    files: { 'm/config.json': '{}', 'm/model.safetensors': weights },
    give: 'm/model.safetensors',
    says: '$: file: is a safetensors file, the weights of a model; give its folder, $FOLDER/m',
  },
  "the config.json of a model's folder": {
    files: { 'm/config.json': '{"model_type":"llama"}' },
    give: 'm/config.json',
    says: "$: file: is JSON, one file of a model's folder; give the folder, $FOLDER/m",
  },
  'a tokenizer.json': file(
    'tokenizer.json',
    '{"version": "1.0"}',
    'file: is JSON, not a model; give a GGUF file, or a folder with config.json and model.safetensors',
  ),
  'the weights of a LoRA adapter': {
    files: { 'm/adapter_config.json': '{}', 'm/adapter_model.safetensors': weights },
    give: 'm/adapter_model.safetensors',
    says: '$: file: holds the weights of a LoRA adapter, not a model; merge it into its base model with merge_and_unload of PEFT and give the result',
  },
  'a LoRA adapter without its configuration': folder(
    ['adapter_model.bin'],
    ': folder: is a LoRA adapter, not a model; merge it into its base model with merge_and_unload of PEFT and give the result',
  ),
  'a GGUF file that is cut off in its vocabulary': file(
    'm.gguf',
    ggufBytes({
      metadata: {
        'general.architecture': text('llama'),
        'tokenizer.ggml.tokens': texts(['a', 'b'.repeat(99)]),
      },
    }).subarray(0, 160),
    'tokenizer.ggml.tokens: found a length of 99 bytes, but only 29 follow; the file is damaged or not complete, download it again',
  ),
  'a download of Ollama': file('sha256-4d7a-partial', ggufBytes({}), `file: ${unfinished}`),
  'the ONNX file of an encoder': {
    files: { 'm/config.json': '{"model_type":"bert"}', 'm/onnx/model.onnx': 'x' },
    give: 'm/onnx/model.onnx',
    says: `$FOLDER/m/config.json: model_type: found "bert", ${encoder}`,
  },
  'a tokenizer': file(
    'tokenizer.model',
    bytes('\x0a\x0e\x0a\x05'),
    "file: is a tokenizer, not a model; give the model's folder, or a GGUF file",
  ),
  'a zip archive': file(
    'm.gguf',
    zip('m/config.json'),
    'file: is a zip archive; unpack it and give the model inside',
  ),
  'a tar archive': file('m.tar', tar(), 'file: is a tar archive; unpack it and give the model inside'),
  'a gzip archive': file(
    'm.gguf.gz',
    bytes('\x1f\x8b\x08'),
    'file: is a gzip archive; unpack it and give the model inside',
  ),
  'PyTorch weights': file(
    'pytorch_model.bin',
    zip('archive/data.pkl'),
    `file: holds PyTorch weights, ${pickles}`,
  ),
  'older PyTorch weights': file('m.pt', bytes('\x80\x02\x8a\x0a'), `file: holds PyTorch weights, ${pickles}`),
  'Keras weights': file(
    'tf_model.h5',
    bytes('\x89HDF\r\n'),
    'file: is an HDF5 file, as TensorFlow and Keras write them; take the model as safetensors or GGUF',
  ),
  'an ONNX file of another name': file(
    'model.bin',
    bytes('\x08\x08\x12\x07pytorch\0\0'),
    'file: is an ONNX file; give it a name in .onnx',
  ),
  'a llamafile': file(
    'm.llamafile',
    bytes('MZqFpD=\0\xff'),
    'file: is a program (a llamafile has its model inside: unpack it as a zip archive and give the GGUF file)',
  ),
  'a folder with only pytorch_model.bin': folder(
    {
      'config.json': '{"model_type":"llama"}',
      'pytorch_model.bin': zip('archive/data.pkl'),
      'tokenizer.json': '{}',
    },
    `: folder: has weights only as pytorch_model.bin, ${pickles}`,
  ),
  'a folder of GGUF files': folder(
    ['m-Q4_K_M.gguf', 'm-Q8_0.gguf', 'README.md'],
    ': folder: is a folder of GGUF files; give one of the files: m-Q4_K_M.gguf, m-Q8_0.gguf',
  ),
  'a folder with a download that is not complete': folder(
    ['config.json', 'model.safetensors.part'],
    `: folder: has model.safetensors.part, which ${unfinished}`,
  ),
  'a folder without the index of its weights': folder(
    ['config.json', 'model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'],
    ': folder: has no model.safetensors.index.json, which says what is in each part of its weights; download it too',
  ),
  'a folder whose weights have another name': folder(
    ['config.json', 'consolidated.safetensors'],
    ': folder: has weights of another name, consolidated.safetensors; if they are the model, name them model.safetensors',
  ),
  'a folder with only TensorFlow weights': folder(
    ['config.json', 'tf_model.h5'],
    ': folder: has weights only as tf_model.h5, which Sotto does not read; take the model as safetensors or GGUF',
  ),
  'a folder with a tokenizer alone': folder(
    ['tokenizer.json', 'tokenizer_config.json'],
    ': folder: has a tokenizer but no weights; download model.safetensors too, or take a GGUF file',
  ),
  'a folder of the cache of huggingface_hub': folder(
    ['blobs/1', 'refs/main', 'snapshots/1/config.json'],
    ': folder: is a folder of the cache of huggingface_hub; give the folder of a version below its snapshots',
  ),
  'the store of Ollama': folder(
    ['blobs/sha256-1', 'manifests/registry.ollama.ai/library/m/latest'],
    ': folder: is the store of Ollama; give the file that "ollama show --modelfile MODEL" prints after FROM',
  ),
  'a folder with an ONNX file of another name': folder(
    ['config.json', 'decoder.onnx'],
    ': folder: has no ONNX file of a known name; give one of the files: decoder.onnx',
  ),
  'a pipeline of diffusers': folder(
    ['model_index.json', 'unet/config.json'],
    `: folder: is a pipeline of diffusers, ${images}`,
  ),
  'a part of a pipeline of diffusers': config(
    { _class_name: 'UNet2DConditionModel' },
    `_class_name: found "UNet2DConditionModel", a part of ${images}`,
  ),
  'an embedding model': folder(
    { 'config.json': '{"model_type":"qwen3"}', 'modules.json': '[]', 'model.safetensors': weights },
    `: folder: is ${embedding}`,
  ),
  'an embedding model without its modules': config(
    { model_type: 'gemma3_text', architectures: ['Gemma3TextModel'] },
    `architectures: found "Gemma3TextModel", a model without its last matrix, as in ${embedding}`,
  ),
  'an encoder': config({ model_type: 'roberta' }, `model_type: found "roberta", ${encoder}`),
  'an encoder of a type that we do not know': config(
    { model_type: 'newest-bert', architectures: ['NewestBertForMaskedLM'] },
    `architectures: found "NewestBertForMaskedLM", ${encoder}`,
  ),
  'a reranker': config(
    { model_type: 'qwen3', architectures: ['Qwen3ForSequenceClassification'] },
    `architectures: found "Qwen3ForSequenceClassification", ${ranks}`,
  ),
  'an encoder-decoder': config({ model_type: 't5' }, `model_type: found "t5", ${encoderDecoder}`),
  'an encoder-decoder of a type that we do not know': config(
    { model_type: 'newest', is_encoder_decoder: true },
    `is_encoder_decoder: found true: this is ${encoderDecoder}`,
  ),
  'a model of speech': config({ model_type: 'whisper' }, `model_type: found "whisper", ${speech}`),
  'a multimodal model': config(
    { model_type: 'gemma3', vision_config: {}, text_config: {} },
    'vision_config: is that of a multimodal model ("gemma3"); a GGUF file of it has the text model alone, which Sotto reads if it knows its architecture',
  ),
  'weights rounded by AWQ': config(
    { model_type: 'qwen2', quantization_config: { quant_method: 'awq' } },
    `quantization_config: found {"quant_method":"awq"}, expected none: ${rounded('AWQ')}`,
  ),
  'weights rounded by GPTQ': config(
    { model_type: 'qwen2', quantization_config: { quant_method: 'gptq', bits: 4 } },
    `quantization_config: found {"quant_method":"gptq","bits":4}, expected none: ${rounded('GPTQ')}`,
  ),
  'weights rounded by bitsandbytes': config(
    { model_type: 'qwen2', quantization_config: { quant_method: 'bitsandbytes' } },
    `quantization_config: found {"quant_method":"bitsandbytes"}, expected none: ${rounded('bitsandbytes')}`,
  ),
  'weights rounded by GPTQ, as older programs say it': folder(
    { 'config.json': '{"model_type":"llama"}', 'quantize_config.json': '{}', 'model.safetensors': weights },
    `/quantize_config.json: file: says how the weights are rounded, but ${rounded('GPTQ')}`,
  ),
  'weights rounded by MLX': config(
    { model_type: 'qwen2', quantization: { group_size: 64, bits: 4 } },
    `quantization: found {"group_size":64,"bits":4}, expected none: ${rounded('MLX')}`,
  ),
};
