/** Lays out models in the folders of other programs, as those programs do. */
import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { canLink } from '../operating-system';

export function write(path: string, content: string | Uint8Array): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** @param name such as `registry.ollama.ai/library/tiny/latest` @returns the path of the GGUF file */
export function addToOllama(store: string, name: string, gguf: Uint8Array): string {
  const hash = createHash('sha256').update(gguf).digest('hex');
  const layers = [
    { mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${hash}`, size: gguf.length },
    { mediaType: 'application/vnd.ollama.image.params', digest: `sha256:${'0'.repeat(64)}`, size: 3 },
  ];
  write(join(store, 'manifests', ...name.split('/')), JSON.stringify({ schemaVersion: 2, layers }));
  return write(join(store, 'blobs', `sha256-${hash}`), gguf);
}

const revision = '0123456789abcdef0123456789abcdef01234567';

/** @returns the folder of the version, whose files are links where this account can make links */
export function addToHub(
  cache: string,
  repository: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  version = revision,
): string {
  const folder = join(cache, `models--${repository.replace('/', '--')}`);
  const snapshot = join(folder, 'snapshots', version);
  write(join(folder, 'refs', 'main'), version);
  for (const [path, content] of Object.entries(files)) {
    const file = join(snapshot, path);
    if (canLink) {
      const blob = write(join(folder, 'blobs', createHash('sha256').update(content).digest('hex')), content);
      mkdirSync(dirname(file), { recursive: true });
      symlinkSync(relative(dirname(file), blob), file);
    } else write(file, content);
  }
  return snapshot;
}
