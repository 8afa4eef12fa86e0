import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  eagerness,
  isLanguageEnabled,
  patternOfPath,
  readHub,
  readModel,
  readSettings,
  readThreads,
  SettingError,
} from '../../src/settings/settings';

interface Property {
  readonly type: string;
  readonly default: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly scope?: string;
}

interface Manifest {
  readonly contributes: {
    readonly configuration: readonly { readonly properties: Readonly<Record<string, Property>> }[];
  };
}

const manifest: Manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const properties = new Map(
  manifest.contributes.configuration
    .flatMap(section => Object.entries(section.properties))
    .map(([name, property]) => [name.replace(/^sotto\./, ''), property]),
);

/** The settings as VS Code returns them, with the changes in `changed`. */
function read(changed: Readonly<Record<string, unknown>> = {}) {
  const get = (name: string) => (name in changed ? changed[name] : properties.get(name)?.default);
  return { ...readSettings(get), threads: readThreads(get) };
}

/** @returns the setting that the error is about */
function faultOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof SettingError ? error.setting : undefined;
  }
}

const numbers = [...properties].filter(([, { type }]) => ['integer', 'number'].includes(type));

describe('package.json', () => {
  it('defines every setting that is read and no other', () => {
    const names = new Set<string>();
    const get = (name: string) => {
      names.add(name);
      return properties.get(name)?.default;
    };
    readSettings(get);
    readThreads(get);
    readModel(get, '/home/ada');
    readHub(get);
    expect([...properties.keys()].toSorted()).toEqual([...names].toSorted());
  });

  it.each([...properties])('gives %s a default of its type', (_, property) => {
    const type = property.type === 'integer' ? 'number' : property.type;
    expect(Array.isArray(property.default) ? 'array' : typeof property.default).toBe(type);
  });

  it.each([...properties].filter(([, { minimum }]) => minimum !== undefined))(
    'gives %s a default within its range',
    (_, property) => {
      expect(property.default).toBeGreaterThanOrEqual(property.minimum!);
      expect(property.default).toBeLessThanOrEqual(property.maximum!);
    },
  );
});

describe.each(numbers)('%s', (name, { minimum, maximum }) => {
  it.each([minimum! - 0.01, maximum! + 0.01, Number.NaN, String(maximum), null, undefined])(
    'is refused as %s, with its name',
    value => {
      expect(() => read({ [name]: value })).toThrow(TypeError);
      expect(faultOf(() => read({ [name]: value }))).toBe(`sotto.${name}`);
      expect(() => read({ [name]: value })).toThrow(`setting sotto.${name}: found ${JSON.stringify(value)}`);
    },
  );

  it('may be the minimum and the maximum', () => {
    expect(JSON.stringify(read({ [name]: minimum }))).toContain(`:${minimum}`);
    expect(JSON.stringify(read({ [name]: maximum }))).toContain(`:${maximum}`);
  });
});

describe.each(numbers.filter(([, { type }]) => type === 'integer'))('%s', (name, { minimum }) => {
  it('must be a whole number', () =>
    expect(() => read({ [name]: minimum! + 0.5 })).toThrow(
      `setting sotto.${name}: found ${minimum! + 0.5}, expected a whole number`,
    ));
});

describe.each([
  'enable',
  'learn',
  'inComments',
  'inStrings',
  'pauseOnBattery',
  'copies',
  'addImports',
] as const)('%s', name => {
  it('is true or false', () => {
    expect(read({ [name]: true })[name]).toBe(true);
    expect(read({ [name]: false })[name]).toBe(false);
  });
  it.each(['yes', 1, null, undefined])('is refused as %j', value =>
    expect(() => read({ [name]: value })).toThrow(`setting sotto.${name}: found`),
  );
});

describe('fillInTheMiddle', () => {
  it.each(['auto', 'never'])('may be %s', value =>
    expect(read({ fillInTheMiddle: value }).fillInTheMiddle).toBe(value),
  );
  it.each(['always', true, null, undefined])('is refused as %j', value =>
    expect(() => read({ fillInTheMiddle: value })).toThrow(
      `setting sotto.fillInTheMiddle: found ${JSON.stringify(value)}, expected auto, never`,
    ),
  );
});

describe('otherFiles', () => {
  it.each(['auto', 'always', 'never'])('may be %s', value =>
    expect(read({ otherFiles: value }).otherFiles).toBe(value),
  );
  it.each(['sometimes', true, null, undefined])('is refused as %j', value =>
    expect(() => read({ otherFiles: value })).toThrow(
      `setting sotto.otherFiles: found ${JSON.stringify(value)}, expected auto, always, never`,
    ),
  );
});

describe('exclude', () => {
  it('is a list of patterns', () =>
    expect(read({ exclude: ['**/generated/**'] }).exclude).toEqual(['**/generated/**']));
  it.each([null, undefined, 'dist', { dist: true }])('is refused as %j', value =>
    expect(() => read({ exclude: value })).toThrow(
      `setting sotto.exclude: found ${JSON.stringify(value)}, expected a list of glob patterns`,
    ),
  );
  it.each([3, null, ''])('names the pattern that is wrong, as %j', value => {
    const act = () => read({ exclude: ['a', value] });
    expect(act).toThrow(`setting sotto.exclude[1]: found ${JSON.stringify(value)}, expected a glob pattern`);
    expect(faultOf(act)).toBe('sotto.exclude');
  });
});

it.each([
  ['src/queue.js', 'src/queue.js'],
  ['src/queue[1].js', 'src/queue[[]1[]].js'],
  ['a{b,c}/*?.js', 'a[{]b,c[}]/[*][?].js'],
])('the pattern of the path %s matches only itself', (path, pattern) =>
  expect(patternOfPath(path)).toBe(pattern),
);

it('is by default as eager as one of the words for it', () =>
  expect(eagerness.balanced).toBe(properties.get('minConfidence')?.default));

describe('languages', () => {
  it.each([null, undefined, 'all', ['markdown'], true])('is refused as %j', value =>
    expect(() => read({ languages: value })).toThrow('setting sotto.languages: '),
  );
  it('names the language whose value is wrong', () => {
    const act = () => read({ languages: { '*': true, rust: 'yes' } });
    expect(act).toThrow('setting sotto.languages.rust: ');
    expect(faultOf(act)).toBe('sotto.languages');
  });

  it.each([
    [{ '*': true }, 'rust', true],
    [{ '*': false }, 'rust', false],
    [{ '*': false, rust: true }, 'rust', true],
    [{ '*': true, rust: false }, 'rust', false],
    [{}, 'rust', true],
  ])('%j has %s %s', (languages, id, isEnabled) => expect(isLanguageEnabled(languages, id)).toBe(isEnabled));
});

describe('model', () => {
  const read = (value: unknown) => readModel(() => value, join('/home', 'ada'));

  it.each(['', '  ', 'automatic'])('is automatic for %j', value => expect(read(value)).toBe('automatic'));
  it.each(['small', 'large'])('may be the bundled model %j', value => expect(read(value)).toBe(value));
  it('is an absolute path without spaces around it, which pasting may add', () =>
    expect(read(' /models/a b.gguf\n')).toBe('/models/a b.gguf'));
  it('may begin with ~/', () =>
    expect(read('~/models/a.gguf')).toBe(join('/home', 'ada', 'models', 'a.gguf')));
  it.each(['models/a.gguf', './a.gguf', '~ada/a.gguf', '~'])('is refused as %j', value =>
    expect(() => read(value)).toThrow(
      `setting sotto.model: found "${value}", expected automatic, small, large, an absolute path, or one that begins with ~/`,
    ),
  );
  it.each([null, undefined, 3, ['a']])('is refused as %j', value =>
    expect(() => read(value)).toThrow('setting sotto.model: found'),
  );

  it('can be set by the user, never by a workspace', () =>
    expect(properties.get('model')?.scope).toBe('machine'));
});

describe('Settings Sync', () => {
  it.each([...properties])('has a scope to go by for %s', (_, { scope }) =>
    expect(['machine', 'machine-overridable', 'resource', 'language-overridable']).toContain(scope),
  );
  it.each(['model', 'threads', 'fillInTheMiddle', 'pauseOnBattery'])(
    'leaves %s on this machine, because it is about the machine',
    name => expect(properties.get(name)?.scope).toMatch(/^machine/),
  );
});

describe('hub', () => {
  const read = (value: unknown) => readHub(() => value);

  it.each([
    ['https://huggingface.co', 'https://huggingface.co'],
    [' https://mirror.example/hf// ', 'https://mirror.example/hf'],
    ['http://localhost:8080/', 'http://localhost:8080'],
  ])('%j is %s', (value, address) => expect(read(value)).toBe(address));

  it.each([
    '',
    'huggingface.co',
    'ftp://a.b',
    'https://',
    'https://ada:pw@a.b',
    'https://a.b?x=1',
    'https://a b',
    null,
    3,
  ])('is refused as %j', value =>
    expect(() => read(value)).toThrow(
      `setting sotto.hub: found ${JSON.stringify(value)}, expected an address`,
    ),
  );

  it('can be set by the user, never by a workspace', () =>
    expect(properties.get('hub')?.scope).toBe('machine'));
});
