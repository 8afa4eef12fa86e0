/** A model folder's text files, read whole. Knows nothing of what they say. */
import { openByteFile } from './byte-file';
import { ModelFileError } from './model-file-error';

/** Larger than any real config.json or vocabulary; a number's word never makes us read more. */
const maxTextBytes = 64 * 1024 * 1024;

/**
 * @param kind for people: what the file is
 * @throws ModelFileError if the file is missing, too large, or none
 */
export function readTextFile(path: string, kind: string): string {
  const file = openByteFile(path);
  try {
    if (file.size > maxTextBytes)
      throw new ModelFileError(path, 'size', `${file.size} bytes, expected a small ${kind}`);
    return new TextDecoder().decode(file.read(0, file.size));
  } finally {
    file.close();
  }
}
