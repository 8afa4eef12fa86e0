/** A GGUF's metadata, by keys without the architecture's name: `metadata.integer('block_count')`. */
import { JsonFile, type NumberRule } from './json-file';

export class ArchitectureMetadata {
  private readonly metadata: JsonFile;

  /** @param name of the architecture; its keys begin with it */
  constructor(
    readonly name: string,
    metadata: JsonFile,
  ) {
    this.metadata = oneForAllLayers(metadata, `${name}.`);
  }

  key(key: string): string {
    return `${this.name}.${key}`;
  }

  has(key: string): boolean {
    return this.metadata.has(this.key(key));
  }

  unknown(key: string): unknown {
    return this.metadata.unknown(this.key(key));
  }

  integer(key: string, rule?: NumberRule): number {
    return this.metadata.integer(this.key(key), rule);
  }

  number(key: string, rule?: NumberRule): number {
    return this.metadata.number(this.key(key), rule);
  }

  string<const T extends string>(key: string, options?: { oneOf?: readonly T[]; fallback?: T }): T {
    return this.metadata.string(this.key(key), options);
  }

  wrong(key: string, expected: string) {
    return this.metadata.wrong(this.key(key), this.unknown(key), expected);
  }

  get layers(): number {
    return this.integer('block_count', { max: 1024 });
  }

  get width(): number {
    return this.integer('embedding_length', { max: 65_536 });
  }

  get heads(): number {
    return this.integer('attention.head_count', { max: 1024 });
  }

  /** Heads of keys and values. */
  get kvHeads(): number {
    return this.integer('attention.head_count_kv', { max: this.heads, fallback: this.heads });
  }

  get headDim(): number {
    return this.integer('attention.key_length', {
      max: 1024,
      fallback: Math.floor(this.width / this.heads),
    });
  }
}

/**
 * Some files state a number for each layer, for example the heads of keys and values. Where all are equal, the number
 * counts for the model. Otherwise the list stays, and reading it as a number is an error that shows it.
 */
function oneForAllLayers(metadata: JsonFile, prefix: string): JsonFile {
  const value = (key: string) => {
    const found = metadata.unknown(key);
    const isOne = key.startsWith(prefix) && Array.isArray(found) && found.length > 0;
    return isOne && found.every(each => each === found[0]) ? found[0] : found;
  };
  return JsonFile.of(metadata.path, Object.fromEntries(metadata.keys().map(key => [key, value(key)])));
}
