/**
 * Reads a model folder's JSON files field by field, so that the error about a wrong field names it. Does not know what
 * the fields mean.
 */

import { readTextFile } from './byte-file';
import { recogniseText } from './foreign-bytes';
import { ModelFileError } from './model-file-error';

export class JsonFile {
  private constructor(
    readonly path: string,
    private readonly fields: Readonly<Record<string, unknown>>,
    /** Where in the file these fields are, e.g. `rope_scaling.`; empty at the top. */
    private readonly scope = '',
    /** Field -> its name in the file, if the file has another name for it. */
    private readonly names: Readonly<Record<string, string>> = {},
  ) {}

  /** @throws ModelFileError if the file is missing, too large, or not a JSON object */
  static read(path: string): JsonFile {
    return JsonFile.parse(path, readTextFile(path, 'JSON file'));
  }

  /** @throws ModelFileError if `text` is not a JSON object, or has a key twice */
  static parse(path: string, text: string): JsonFile {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      const found = recogniseText(text);
      const problem =
        found === undefined ? `is not JSON (${(error as Error).message})` : `is not JSON: it ${found}`;
      throw new ModelFileError(path, 'file', problem);
    }
    if (!isRecord(value)) throw new ModelFileError(path, 'file', 'expected a JSON object');
    const twice = findDuplicateKey(text);
    if (twice !== undefined) throw new ModelFileError(path, twice, 'is there twice');
    return new JsonFile(path, value);
  }

  /**
   * Fields of a file of another format, read with the same checks.
   * @param names field -> its name in that file, for errors
   */
  static of(
    path: string,
    fields: Readonly<Record<string, unknown>>,
    names?: Readonly<Record<string, string>>,
  ): JsonFile {
    return new JsonFile(path, fields, '', names);
  }

  has(field: string): boolean {
    return this.fields[field] !== undefined && this.fields[field] !== null;
  }

  /** Whether the field is there and null. For some fields this means something else than an absent field. */
  isNull(field: string): boolean {
    return this.fields[field] === null;
  }

  keys(): string[] {
    return Object.keys(this.fields);
  }

  /** A whole number within `[min, max]`; `fallback` if the field is absent or null. */
  integer(field: string, { min = 1, max = 2 ** 31, fallback }: NumberRule = {}): number {
    const value = this.number(field, { min, max, ...(fallback === undefined ? {} : { fallback }) });
    if (!Number.isInteger(value)) throw this.wrong(field, value, 'a whole number');
    return value;
  }

  /** A finite number within `[min, max]`; `fallback` if the field is absent or null. */
  number(field: string, { min = -Infinity, max = Infinity, fallback }: NumberRule = {}): number {
    const value = this.has(field) ? this.fields[field] : fallback;
    const isBounded = min > -Infinity || max < Infinity;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < min || value > max)
      throw this.wrong(field, value, isBounded ? `a number from ${min} to ${max}` : 'a number');
    return value;
  }

  string<const T extends string>(field: string, options: { oneOf?: readonly T[]; fallback?: T } = {}): T {
    const value = this.has(field) ? this.fields[field] : options.fallback;
    const isAllowed =
      typeof value === 'string' &&
      (options.oneOf === undefined || options.oneOf.some(allowed => allowed === value));
    if (!isAllowed)
      throw this.wrong(field, value, options.oneOf ? `one of ${options.oneOf.join(', ')}` : 'a string');
    return value as T;
  }

  /** The field without a check; undefined if it is absent. */
  unknown(field: string): unknown {
    return this.fields[field];
  }

  boolean(field: string, fallback: boolean): boolean {
    const value = this.has(field) ? this.fields[field] : fallback;
    if (typeof value !== 'boolean') throw this.wrong(field, value, 'true or false');
    return value;
  }

  /** An array whose every element satisfies `isElement`. */
  array<T>(field: string, isElement: (value: unknown) => value is T, expected: string): readonly T[] {
    const value = this.fields[field];
    if (!Array.isArray(value) || !value.every(isElement)) throw this.wrong(field, value, expected);
    return value;
  }

  /** The object at `field`, read with the same checks. */
  object(field: string): JsonFile {
    const value = this.fields[field];
    if (!isRecord(value)) throw this.wrong(field, value, 'an object');
    return new JsonFile(this.path, value, `${this.scope}${field}.`);
  }

  /** The objects of the array at `field`, each read with the same checks. */
  objects(field: string): readonly JsonFile[] {
    return this.array(field, isRecord, 'a list of objects').map(
      (value, index) => new JsonFile(this.path, value, `${this.scope}${field}[${index}].`),
    );
  }

  wrong(field: string, found: unknown, expected: string): ModelFileError {
    return new ModelFileError(
      this.path,
      `${this.scope}${this.names[field] ?? field}`,
      `found ${show(found).slice(0, 80)}, expected ${expected}`,
    );
  }
}

export interface NumberRule {
  readonly min?: number;
  readonly max?: number;
  readonly fallback?: number;
}

export const isNumber = (value: unknown): value is number => typeof value === 'number';
export const isString = (value: unknown): value is string => typeof value === 'string';

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The beginning of a value as JSON. `JSON.stringify` is no use: the value may be megabytes long or nested too deep. */
function show(value: unknown, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) {
    if (depth === 3) return '[…]';
    return `[${value.slice(0, 20).map(element => show(element, depth + 1))}]`;
  }
  if (isRecord(value)) {
    if (depth === 3) return '{…}';
    const fields = Object.keys(value).slice(0, 10);
    return `{${fields.map(field => `${show(field)}:${show(value[field], depth + 1)}`)}}`;
  }
  return value === undefined ? 'nothing' : String(value);
}

/**
 * The first key that stands twice in one object of a JSON text. `JSON.parse` would silently take the last value, and
 * other readers the first, so such a file is refused.
 *
 * @param text JSON that `JSON.parse` accepts
 */
export function findDuplicateKey(text: string): string | undefined {
  const objects: (Set<string> | undefined)[] = [];
  for (const [token, colon] of text.matchAll(tokens)) {
    if (token === '{') objects.push(new Set());
    else if (token === '[') objects.push(undefined);
    else if (token === '}' || token === ']') objects.pop();
    else if (colon !== undefined) {
      const key: string = JSON.parse(token.slice(0, -colon.length));
      const keys = objects.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

/** Brackets and strings. A string before a colon is a key. */
const tokens = /[{}[\]]|"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g;
