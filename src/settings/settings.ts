/** The settings a completion depends on. `package.json` defines them, with their defaults, ranges and descriptions. */
import { isAbsolute, join } from 'node:path';
import type { SamplingOptions } from '../generation/engine';

export interface CompletionSettings {
  readonly enable: boolean;
  /** Language id to on or off; `*` is every other language. */
  readonly languages: Readonly<Record<string, boolean>>;
  /** Milliseconds to wait for the next keystroke, at most. */
  readonly debounce: number;
  /** Tokens of a suggestion, at most. */
  readonly maxTokens: number;
  /** Milliseconds of a suggestion, at most. */
  readonly maxTime: number;
  /** How likely a suggestion must be right to be shown while typing, 0 to 1. */
  readonly minConfidence: number;
  /** Whether the document itself is a source of suggestions, beside the model. */
  readonly copies: boolean;
  /** Tokens of the prompt, at most. */
  readonly contextTokens: number;
  /** Whether pieces of other files are shown: always, never, or where the model was trained to read them. */
  readonly otherFiles: (typeof otherFilesChoices)[number];
  readonly sampling: SamplingOptions;
}

export const otherFilesChoices = ['auto', 'always', 'never'] as const;

/**
 * Reads the settings one by one.
 * @param get the value of a setting by its name without `sotto.`; VS Code fills in the defaults of package.json
 * @throws TypeError that names the setting whose value is of the wrong kind or out of range
 */
export function readSettings(get: Getter): CompletionSettings {
  return {
    enable: boolean(get, 'enable'),
    languages: readLanguages(get('languages')),
    debounce: integer(get, 'debounce', 0, 2000),
    maxTokens: integer(get, 'maxTokens', 1, 512),
    maxTime: integer(get, 'maxTime', 50, 60_000),
    minConfidence: number(get, 'minConfidence', 0, 1),
    copies: boolean(get, 'copies'),
    contextTokens: integer(get, 'contextTokens', 32, 16_384),
    otherFiles: oneOf(get, 'otherFiles', otherFilesChoices),
    sampling: {
      temperature: number(get, 'sampling.temperature', 0, 2),
      topK: integer(get, 'sampling.topK', 0, 1000),
      topP: number(get, 'sampling.topP', 0, 1),
      minP: number(get, 'sampling.minP', 0, 1),
      repetitionPenalty: number(get, 'sampling.repetitionPenalty', 1, 2),
      seed: integer(get, 'sampling.seed', 0, 2_147_483_647),
    },
  };
}

/** Threads of the engine's process; 0 lets it choose. @throws TypeError as `readSettings` */
export function readThreads(get: Getter): number {
  return integer(get, 'threads', 0, 64);
}

/**
 * The user's own model; undefined is the bundled one.
 * @param home what `~` stands for
 * @returns an absolute path @throws TypeError as `readSettings`
 */
export function readModelPath(get: Getter, home: string): string | undefined {
  const value = get('model');
  if (typeof value !== 'string') throw wrong('model', value, 'a path');
  const path = value.trim();
  if (path === '') return undefined;
  const whole = /^~[/\\]/.test(path) ? join(home, path.slice(2)) : path;
  if (!isAbsolute(whole)) throw wrong('model', value, 'an absolute path, or one that begins with ~/');
  return whole;
}

type Getter = (name: string) => unknown;

export function isLanguageEnabled(languages: CompletionSettings['languages'], languageId: string): boolean {
  return languages[languageId] ?? languages['*'] ?? true;
}

function number(get: Getter, name: string, min: number, max: number): number {
  const value = get(name);
  if (typeof value !== 'number' || !(value >= min && value <= max))
    throw wrong(name, value, `${min} to ${max}`);
  return value;
}

function integer(get: Getter, name: string, min: number, max: number): number {
  const value = number(get, name, min, max);
  if (!Number.isInteger(value)) throw wrong(name, value, 'a whole number');
  return value;
}

function oneOf<Choice extends string>(get: Getter, name: string, choices: readonly Choice[]): Choice {
  const value = get(name);
  const found = choices.find(choice => choice === value);
  if (found === undefined) throw wrong(name, value, choices.join(', '));
  return found;
}

function boolean(get: Getter, name: string): boolean {
  const value = get(name);
  if (typeof value !== 'boolean') throw wrong(name, value, 'true or false');
  return value;
}

function readLanguages(value: unknown): Record<string, boolean> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('languages', value, 'an object of language ids');
  const languages: Record<string, boolean> = {};
  for (const [id, isEnabled] of Object.entries(value)) {
    if (typeof isEnabled !== 'boolean') throw wrong(`languages.${id}`, isEnabled, 'true or false');
    languages[id] = isEnabled;
  }
  return languages;
}

function wrong(name: string, value: unknown, expected: string): TypeError {
  return new TypeError(`setting sotto.${name}: found ${JSON.stringify(value)}, expected ${expected}`);
}
