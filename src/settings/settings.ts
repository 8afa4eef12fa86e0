/**
 * Reads and checks the user's settings. `package.json` defines them with their defaults, ranges and descriptions; a test
 * compares the ranges there with the ones here.
 */

import { isAbsolute, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { SamplingOptions } from '../generation/engine';

/** The settings that a completion depends on. */
export interface CompletionSettings {
  readonly enable: boolean;
  /** Whether each language is on, by its id. `*` stands for every language that is not listed. */
  readonly languages: Readonly<Record<string, boolean>>;
  /** Glob patterns of files in which nothing is suggested while typing. */
  readonly exclude: readonly string[];
  /** Whether something is suggested inside comments and inside strings while typing. */
  readonly inComments: boolean;
  readonly inStrings: boolean;
  /** Whether nothing is suggested while typing if the machine runs on its battery. */
  readonly pauseOnBattery: boolean;
  /** The longest wait for the next keystroke, in milliseconds. */
  readonly debounce: number;
  /** The longest suggestion, in tokens. */
  readonly maxTokens: number;
  /** The longest time for a suggestion, in milliseconds. */
  readonly maxTime: number;
  /** A suggestion is shown while typing only if the probability that it is right is at least this. */
  readonly minConfidence: number;
  /** Whether `minConfidence` is moved by what the user keeps and refuses, for each language. */
  readonly learn: boolean;
  /** Whether text may be copied from the document and from other files, beside what the model suggests. */
  readonly copies: boolean;
  /** Whether the imports that an accepted suggestion misses are added. */
  readonly addImports: boolean;
  /** The longest prompt, in tokens. */
  readonly contextTokens: number;
  /** Whether the prompt shows pieces of other files. 'auto': only to a model that was trained to read them. */
  readonly otherFiles: (typeof otherFilesChoices)[number];
  /** Whether the prompt shows the text after the cursor. 'auto': if the model's vocabulary has marks for it. */
  readonly fillInTheMiddle: (typeof fillInTheMiddleChoices)[number];
  readonly sampling: SamplingOptions;
}

export const fillInTheMiddleChoices = ['auto', 'never'] as const;
export const otherFilesChoices = ['auto', 'always', 'never'] as const;

/**
 * @param get returns the value of a setting by its name without `sotto.`; VS Code fills in the defaults of package.json
 * @throws SettingError if a value has the wrong type or is out of range
 */
export function readSettings(get: Getter): CompletionSettings {
  return {
    enable: boolean(get, 'enable'),
    languages: readLanguages(get('languages')),
    exclude: readPatterns(get('exclude')),
    inComments: boolean(get, 'inComments'),
    inStrings: boolean(get, 'inStrings'),
    pauseOnBattery: boolean(get, 'pauseOnBattery'),
    debounce: integer(get, 'debounce', 0, 2000),
    maxTokens: integer(get, 'maxTokens', 1, 512),
    maxTime: integer(get, 'maxTime', 50, 60_000),
    minConfidence: number(get, 'minConfidence', 0, 1),
    learn: boolean(get, 'learn'),
    copies: boolean(get, 'copies'),
    addImports: boolean(get, 'addImports'),
    contextTokens: integer(get, 'contextTokens', 32, 16_384),
    otherFiles: oneOf(get, 'otherFiles', otherFilesChoices),
    fillInTheMiddle: oneOf(get, 'fillInTheMiddle', fillInTheMiddleChoices),
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

/** @returns threads of the engine's process; 0 lets the engine choose @throws SettingError */
export function readThreads(get: Getter): number {
  return integer(get, 'threads', 0, 64);
}

/** Values of `sotto.model` beside a path: Sotto chooses between the bundled models, or the user does. */
export const modelWords = ['automatic', 'small', 'large'] as const;

/**
 * @param home the folder that `~` stands for
 * @returns one of `modelWords`, or the absolute path of the user's own model
 * @throws SettingError
 */
export function readModel(get: Getter, home: string): string {
  const value = get('model');
  const expected = l10n.t('{0}, an absolute path, or one that begins with ~/', modelWords.join(', '));
  if (typeof value !== 'string') throw wrong('model', value, expected);
  const path = value.trim();
  if (path === '') return 'automatic';
  if (modelWords.some(word => word === path)) return path;
  const whole = /^~[/\\]/.test(path) ? join(home, path.slice(2)) : path;
  if (!isAbsolute(whole)) throw wrong('model', value, expected);
  return whole;
}

/** @returns the address of the hub that models are downloaded from, without a slash at the end @throws SettingError */
export function readHub(get: Getter): string {
  const value = get('hub');
  const address = typeof value === 'string' ? value.trim().replace(/\/+$/, '') : '';
  // No account and no query: the address of a file is put behind it.
  if (!/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/i.test(address) || !URL.canParse(address))
    throw wrong('hub', value, l10n.t('an address such as {0}', 'https://huggingface.co'));
  return address;
}

/** The value of a setting is wrong. The message names the setting, the value and what was expected. */
export class SettingError extends TypeError {
  override readonly name = 'SettingError';

  /** @param setting with its section, such as `sotto.model` */
  constructor(
    readonly setting: string,
    message: string,
  ) {
    super(message);
  }
}

type Getter = (name: string) => unknown;

export function isLanguageEnabled(languages: CompletionSettings['languages'], languageId: string): boolean {
  return languages[languageId] ?? languages['*'] ?? true;
}

/** How eager Sotto is, in one word: each stands for a value of `sotto.minConfidence`. The default is among them. */
export const eagerness = { few: 0.7, balanced: 0.5, many: 0.3 } as const;

/** @returns a pattern for `sotto.exclude` that matches only this path, with `/` and relative to its workspace folder */
export function patternOfPath(path: string): string {
  return path.replaceAll(/[*?[\]{}]/g, '[$&]');
}

function number(get: Getter, name: string, min: number, max: number): number {
  const value = get(name);
  if (typeof value !== 'number' || !(value >= min && value <= max))
    throw wrong(name, value, l10n.t('{0} to {1}', min, max));
  return value;
}

function integer(get: Getter, name: string, min: number, max: number): number {
  const value = number(get, name, min, max);
  if (!Number.isInteger(value)) throw wrong(name, value, l10n.t('a whole number'));
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
  if (typeof value !== 'boolean') throw wrong(name, value, l10n.t('true or false'));
  return value;
}

function readLanguages(value: unknown): Record<string, boolean> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('languages', value, l10n.t('an object of language ids'));
  const languages: Record<string, boolean> = {};
  for (const [id, isEnabled] of Object.entries(value)) {
    if (typeof isEnabled !== 'boolean')
      throw wrong('languages', isEnabled, l10n.t('true or false'), `languages.${id}`);
    languages[id] = isEnabled;
  }
  return languages;
}

function readPatterns(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw wrong('exclude', value, l10n.t('a list of glob patterns'));
  for (const [index, pattern] of value.entries())
    if (typeof pattern !== 'string' || pattern === '')
      throw wrong('exclude', pattern, l10n.t('a glob pattern'), `exclude[${index}]`);
  return value;
}

/** @param entry the entry of the setting that is wrong, where a setting has several */
function wrong(name: string, value: unknown, expected: string, entry = name): SettingError {
  const found = String(JSON.stringify(value));
  const message = l10n.t('setting sotto.{0}: found {1}, expected {2}', entry, found, expected);
  return new SettingError(`sotto.${name}`, message);
}
