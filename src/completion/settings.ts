/** The settings a completion depends on. `package.json` defines them, with their defaults, ranges and descriptions. */
import type { SamplingOptions } from '../engine/sampler';

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
  /** Tokens of the prompt, at most. */
  readonly contextTokens: number;
  readonly sampling: SamplingOptions;
}

/**
 * Reads the settings one by one.
 * @param get the value of a setting by its name without `sotto.`; VS Code fills in the defaults of package.json
 * @throws TypeError that names the setting whose value is of the wrong kind or out of range
 */
export function readSettings(get: (name: string) => unknown): CompletionSettings {
  const number = (name: string, min: number, max: number) => {
    const value = get(name);
    if (typeof value !== 'number' || !(value >= min && value <= max))
      throw new TypeError(`setting sotto.${name}: found ${JSON.stringify(value)}, expected ${min} to ${max}`);
    return value;
  };
  return {
    enable: get('enable') === true,
    languages: readLanguages(get('languages')),
    debounce: number('debounce', 0, 2000),
    maxTokens: number('maxTokens', 1, 512),
    maxTime: number('maxTime', 50, 60_000),
    contextTokens: number('contextTokens', 32, 131_072),
    sampling: {
      temperature: number('sampling.temperature', 0, 2),
      topK: number('sampling.topK', 0, 1000),
      topP: number('sampling.topP', 0, 1),
      minP: number('sampling.minP', 0, 1),
      repetitionPenalty: number('sampling.repetitionPenalty', 1, 2),
      seed: number('sampling.seed', 0, 2_147_483_647),
    },
  };
}

export function isLanguageEnabled(languages: CompletionSettings['languages'], languageId: string): boolean {
  return languages[languageId] ?? languages['*'] ?? true;
}

function readLanguages(value: unknown): Record<string, boolean> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(
      `setting sotto.languages: expected an object of language ids, found ${JSON.stringify(value)}`,
    );
  const languages: Record<string, boolean> = {};
  for (const [id, isEnabled] of Object.entries(value)) {
    if (typeof isEnabled !== 'boolean')
      throw new TypeError(
        `setting sotto.languages.${id}: expected true or false, found ${JSON.stringify(isEnabled)}`,
      );
    languages[id] = isEnabled;
  }
  return languages;
}
