/**
 * Opens a GGUF file that may be cut into parts, as llama.cpp's `llama-gguf-split` writes them:
 * `NAME-00001-of-00003.gguf` and so on. Each part has a header and tensors of its own. The first part also has the model's
 * metadata.
 *
 *     split.no              which part this is, from 0
 *     split.count           how many parts there are
 *     split.tensors.count   how many tensors all parts have together
 *
 * Source: `tools/gguf-split/gguf-split.cpp` and `src/llama-model-loader.cpp` of llama.cpp.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type GgufFile, type GgufTensor, openGgufFile } from './gguf-file';
import { ModelFileError } from './model-file-error';

/**
 * Opens all parts as one file.
 * @param path a whole file, or any of its parts
 * @throws ModelFileError if a part is missing, or belongs to another model
 */
export function openGgufParts(path: string): GgufFile {
  const paths = partsOf(path);
  const first = openGgufFile(paths[0]!);
  const count = first.metadata.integer(keys.count, { min: 0, fallback: 0 });
  if (count <= 1) return first;
  const files = [first];
  try {
    if (paths.length !== count)
      throw new ModelFileError(first.path, keys.count, unlikeItsName(first.path, count));
    for (const part of paths.slice(1)) files.push(openGgufFile(part));
    for (const [index, file] of files.entries()) requirePart(file, index, count);
    return { ...first, tensors: joinTensors(files), close: () => closeAll(files) };
  } catch (error) {
    closeAll(files);
    throw error;
  }
}

/**
 * Paths of all parts of the file, the first one first, by the name alone: the path itself for a file that is not cut.
 * @throws ModelFileError that names the first part that is missing
 */
export function partsOf(path: string): readonly string[] {
  const found = partName.exec(basename(path));
  const count = Number(found?.[3] ?? 0);
  if (found === null || count <= 1 || count > maxParts) return [path];
  const paths = Array.from({ length: count }, (_, index) =>
    join(dirname(path), `${found[1]}-${digits(index + 1)}-of-${found[3]}.gguf`),
  );
  const missing = paths.findIndex(part => !existsSync(part));
  if (missing !== -1)
    throw new ModelFileError(
      paths[missing]!,
      'file',
      `is not there: it is part ${missing + 1} of the ${count} of ${basename(path)}; put all parts into one folder`,
    );
  return paths;
}

const partName = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i;
const digits = (number: number) => String(number).padStart(5, '0');
/** More parts than any published model has. */
const maxParts = 1000;

const keys = { no: 'split.no', count: 'split.count', tensors: 'split.tensors.count' };

function unlikeItsName(path: string, count: number): string {
  const name = basename(path, '.gguf').replace(/-\d{5}-of-\d{5}$/, '');
  const names = `${name}-00001-of-${digits(count)}.gguf and so on`;
  return `found ${count}, but the name does not say that this is one of ${count} parts; call the parts ${names}, in one folder`;
}

function requirePart({ metadata }: GgufFile, index: number, count: number): void {
  const expected = (value: number) => `${value}, as its name says; download this part again`;
  const foundCount = metadata.integer(keys.count, { min: 0, fallback: 0 });
  if (foundCount !== count) throw metadata.wrong(keys.count, foundCount, expected(count));
  const no = metadata.integer(keys.no, { min: 0, fallback: 0 });
  if (no !== index) throw metadata.wrong(keys.no, no, expected(index));
}

function joinTensors(files: readonly GgufFile[]): ReadonlyMap<string, GgufTensor> {
  const tensors = new Map<string, GgufTensor>();
  for (const file of files)
    for (const [name, tensor] of file.tensors) {
      const other = tensors.get(name);
      if (other !== undefined) {
        const problem = `is also in ${basename(other.bytes.path)}: the parts belong to different files`;
        throw new ModelFileError(file.path, `tensor '${name}'`, problem);
      }
      tensors.set(name, tensor);
    }
  const { metadata } = files[0]!;
  const expected = metadata.integer(keys.tensors, { min: 0, fallback: tensors.size });
  if (expected !== tensors.size) {
    const found = `${tensors.size} tensors in all parts: one of them belongs to another file`;
    throw metadata.wrong(keys.tensors, expected, found);
  }
  return tensors;
}

function closeAll(files: readonly GgufFile[]): void {
  for (const file of files) file.close();
}
