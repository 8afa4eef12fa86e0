/**
 * Says what a file is that was expected to hold a model's weights and holds something else: in one line, with what to do.
 * Looks at the first bytes and the name. Knows no model.
 *
 * Sources for the first bytes: the Git LFS specification (docs/spec.md), the formats' own descriptions, and for files from
 * before GGUF `ggml.h` and `llama.h` of llama.cpp in 2023.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type ByteFile, isFile, openByteFile } from './byte-file';
import { ModelFileError } from './model-file-error';

const headBytes = 4096;

/**
 * Called if a file does not begin as it should.
 * @param expected its format
 * @throws ModelFileError if we can say what the file is
 */
export function refuseForeignBytes(file: ByteFile, expected: 'GGUF' | 'safetensors'): void {
  const head = file.read(0, Math.min(file.size, headBytes));
  const found =
    file.size === 0
      ? 'is empty; download it again'
      : (recogniseName(file.path) ?? recogniseWeights(file, head, expected) ?? recogniseBytes(head));
  if (found !== undefined) throw new ModelFileError(file.path, 'file', found);
}

/** ONNX Runtime reads the file and cannot say what else it is. @throws ModelFileError if an ONNX file is a pointer or a web page */
export function refuseForeignExport(path: string): void {
  if (!isFile(path)) return;
  const file = openByteFile(path);
  try {
    const text = asText(file.read(0, Math.min(file.size, headBytes)));
    const found = text === undefined ? undefined : recogniseText(text);
    if (found !== undefined) throw new ModelFileError(path, 'file', found);
  } finally {
    file.close();
  }
}

/** Names that download programs give to a file until it is whole, and names of files that were cut in parts. */
export const unfinishedName =
  /\.(part|partial|filepart|incomplete|crdownload|download|downloading|opdownload|aria2|!ut|!qb|bc!)$|-partial(-\d+)?$/i;
const cutName = /\.gguf[.-](part|split)[-_.]?\w+$|\.part\d+of\d+$|\.gguf\.\d{3}$/i;

/** @returns what is wrong with a file of this name, whatever it holds; undefined for other names */
export function recogniseName(path: string): string | undefined {
  const name = basename(path);
  if (unfinishedName.test(name)) return 'is a download that is not complete; let it end, or start it again';
  if (cutName.test(name)) return 'is a part of a file that was cut; join all parts with cat, in their order';
  if (/^tokenizer\.model$|\.tiktoken$/i.test(name))
    return "is a tokenizer, not a model; give the model's folder, or a GGUF file";
  if (/imatrix.*\.dat$|\.imatrix$/i.test(name)) return importanceMatrix;
  return undefined;
}

export const importanceMatrix =
  'is an importance matrix, with which llama-quantize rounds a model; give the GGUF file of the model';
export const pickled =
  'which are pickles: to open one can run any program, so Sotto reads none; ' +
  'take the model as safetensors or GGUF, or convert it with save_pretrained of transformers';

/** Files that do hold weights, but in another format than the expected one. */
function recogniseWeights(
  { path, size }: ByteFile,
  head: Uint8Array,
  expected: 'GGUF' | 'safetensors',
): string | undefined {
  if (expected === 'safetensors')
    return startsWith(head, 'GGUF')
      ? 'is a GGUF file with the name of a safetensors file; give this file itself as the model'
      : undefined;
  const folder = dirname(path);
  const isInModelFolder = existsSync(join(folder, 'config.json'));
  if (isSafetensors(head, size) && existsSync(join(folder, 'adapter_config.json')))
    return 'holds the weights of a LoRA adapter, not a model; merge it into its base model with merge_and_unload of PEFT and give the result';
  if (isSafetensors(head, size))
    return isInModelFolder
      ? `is a safetensors file, the weights of a model; give its folder, ${folder}`
      : 'is a safetensors file, not a GGUF file; name it model.safetensors, put config.json and tokenizer.json beside it, and give the folder';
  if (/^\s*[{[]/.test(asText(head) ?? ''))
    return isInModelFolder
      ? `is JSON, one file of a model's folder; give the folder, ${folder}`
      : 'is JSON, not a model; give a GGUF file, or a folder with config.json and model.safetensors';
  return undefined;
}

/** @returns what begins with these bytes, and what to do; undefined if that is not known */
export function recogniseBytes(head: Uint8Array): string | undefined {
  const text = asText(head);
  if (text !== undefined) return recogniseText(text) ?? describeText(text);
  if (startsWith(head, 'PK\x03\x04')) return recogniseZip(head);
  // Protocols 2 to 5 of pickle, as older versions of PyTorch wrote them.
  if (head[0] === 0x80 && head[1]! >= 2 && head[1]! <= 5) return `holds PyTorch weights, ${pickled}`;
  if (head[0] === 8 && head[1]! < 32 && head[2] === 0x12) return 'is an ONNX file; give it a name in .onnx';
  const known = magics.find(([magic, , at = 0]) => startsWith(head.subarray(at), magic));
  if (known !== undefined) return known[1];
  if (head.length >= 512 && head.every(byte => byte === 0))
    return 'begins with nothing but zeros, so its download is not complete; download it again';
  return undefined;
}

const unpack = (kind: string) => `is a ${kind} archive; unpack it and give the model inside`;
const otherFramework = 'take the model as safetensors or GGUF';
const beforeGguf =
  'is a GGML file from before GGUF, or a model of whisper.cpp; take a GGUF file of the model';

const magics: readonly (readonly [magic: string, says: string, at?: number])[] = [
  ['lmgg', beforeGguf],
  ['fmgg', beforeGguf],
  ['tjgg', beforeGguf],
  ['algg', 'is a LoRA adapter from before GGUF; merge it into its base model and give the result as GGUF'],
  ['\x1f\x8b', unpack('gzip')],
  ['BZh', unpack('bzip2')],
  ['\xfd7zXZ', unpack('xz')],
  ['\x28\xb5\x2f\xfd', unpack('zstd')],
  ['7z\xbc\xaf', unpack('7z')],
  ['Rar!', unpack('rar')],
  ['ustar', unpack('tar'), 257],
  ['\x89HDF', `is an HDF5 file, as TensorFlow and Keras write them; ${otherFramework}`],
  ['\x93NUMPY', `is a NumPy array; ${otherFramework}`],
  ['TFL3', `is a TensorFlow Lite model; ${otherFramework}`, 4],
  [
    'MZ',
    'is a program (a llamafile has its model inside: unpack it as a zip archive and give the GGUF file)',
  ],
  ['\x7fELF', 'is a program, not a model; give a GGUF file'],
];

/** PyTorch, NumPy and Keras write zip archives too. The name of the first file in it tells. */
function recogniseZip(head: Uint8Array): string {
  const length = head[26]! + head[27]! * 256;
  const first = latin1(head.subarray(30, 30 + length));
  if (/(^|\/)(data\.pkl|byteorder|version|\.format_version)$/.test(first))
    return `holds PyTorch weights, ${pickled}`;
  if (first.endsWith('.npy')) return `is a NumPy archive (.npz), as older MLX models have; ${otherFramework}`;
  return unpack('zip');
}

/** @returns what a text is that stands where a file of a model should; undefined for any other text */
export function recogniseText(text: string): string | undefined {
  if (/^version https:\/\/(git-lfs|hawser)\.github\.com\/spec\//.test(text)) {
    const size = Number(/^size (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
    const place = Number.isNaN(size) ? '' : ` in place of a file of ${(size / 1e6).toFixed(1)} MB`;
    return `is a Git LFS pointer${place}; run "git lfs pull" in its folder, or download the file itself`;
  }
  if (/^\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body|script)\b/is.test(text)) {
    const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1]?.trim();
    const named = title ? ` ("${title.slice(0, 60)}")` : '';
    return `is a web page${named}, as a server sends it instead of the file; download the file itself`;
  }
  return undefined;
}

function describeText(text: string): string | undefined {
  // Too short to say anything.
  if (text.length < 8) return undefined;
  return `is a text that begins with "${text.trim().slice(0, 40)}"; download the model again`;
}

function isSafetensors(head: Uint8Array, size: number): boolean {
  if (head.length < 9 || head[8] !== 0x7b) return false;
  const view = new DataView(head.buffer, head.byteOffset);
  return Number(view.getBigUint64(0, true)) + 8 <= size;
}

/** @returns undefined if these bytes are not text */
function asText(head: Uint8Array): string | undefined {
  try {
    // `stream`, because the head may end inside a character.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return /\p{Cc}/u.test(text.replace(/\s/g, '')) ? undefined : text;
  } catch {
    return undefined;
  }
}

const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes);
const startsWith = (bytes: Uint8Array, magic: string) => latin1(bytes.subarray(0, magic.length)) === magic;
