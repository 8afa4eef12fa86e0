/** Where other programs keep their models, on all three platforms. */
import { describe, expect, it } from 'vitest';
import { type Machine, modelStores } from '../../src/shelf/model-stores';

const homes = { linux: '/home/ada', darwin: '/Users/ada', win32: 'C:\\Users\\ada' } as const;
type Platform = keyof typeof homes;

/** The folders of a program, with the home folder as `~`. */
function foldersOf(
  program: string,
  platform: Platform,
  environment: Machine['environment'] = {},
  texts: Readonly<Record<string, string>> = {},
): readonly string[] {
  const home = homes[platform];
  const readText = (path: string) => texts[path.replace(home, '~')];
  return modelStores({ platform, environment, home, readText })
    .filter(store => store.program === program)
    .map(({ layout, folder }) => `${layout} ${folder.replace(home, '~')}`);
}

describe.each<[string, Platform, readonly string[]]>([
  ['Ollama', 'linux', ['ollama ~/.ollama/models', 'ollama /usr/share/ollama/.ollama/models']],
  ['Ollama', 'darwin', ['ollama ~/.ollama/models']],
  ['Ollama', 'win32', ['ollama ~\\.ollama\\models']],
  ['Hugging Face', 'linux', ['hub ~/.cache/huggingface/hub']],
  ['Hugging Face', 'darwin', ['hub ~/.cache/huggingface/hub']],
  ['Hugging Face', 'win32', ['hub ~\\.cache\\huggingface\\hub']],
  ['LM Studio', 'linux', ['files ~/.lmstudio/models', 'files ~/.cache/lm-studio/models']],
  ['LM Studio', 'darwin', ['files ~/.lmstudio/models', 'files ~/.cache/lm-studio/models']],
  ['LM Studio', 'win32', ['files ~\\.lmstudio\\models', 'files ~\\.cache\\lm-studio\\models']],
  ['llama.cpp', 'linux', ['files ~/.cache/llama.cpp']],
  ['llama.cpp', 'darwin', ['files ~/Library/Caches/llama.cpp']],
  ['llama.cpp', 'win32', ['files ~\\AppData\\Local\\llama.cpp']],
  [
    'Jan',
    'linux',
    [
      'files ~/.local/share/Jan/data/llamacpp/models',
      'files ~/.local/share/Jan/data/models',
      'files ~/jan/models',
    ],
  ],
  [
    'Jan',
    'darwin',
    [
      'files ~/Library/Application Support/Jan/data/llamacpp/models',
      'files ~/Library/Application Support/Jan/data/models',
      'files ~/jan/models',
    ],
  ],
  [
    'Jan',
    'win32',
    [
      'files ~\\AppData\\Roaming\\Jan\\data\\llamacpp\\models',
      'files ~\\AppData\\Roaming\\Jan\\data\\models',
      'files ~\\jan\\models',
    ],
  ],
  ['GPT4All', 'linux', ['files ~/.local/share/nomic.ai/GPT4All', 'files ~/.cache/gpt4all']],
  ['GPT4All', 'darwin', ['files ~/Library/Application Support/nomic.ai/GPT4All', 'files ~/.cache/gpt4all']],
  ['GPT4All', 'win32', ['files ~\\AppData\\Local\\nomic.ai\\GPT4All', 'files ~\\.cache\\gpt4all']],
])('%s on %s', (program, platform, folders) => {
  it('has these folders', () => expect(foldersOf(program, platform)).toEqual(folders));
});

describe('a variable of the environment names the folder of', () => {
  it.each<[string, Platform, Machine['environment'], string]>([
    ['Ollama', 'linux', { OLLAMA_MODELS: '/data/ollama' }, 'ollama /data/ollama'],
    ['Ollama', 'win32', { OLLAMA_MODELS: '"D:\\ollama"' }, 'ollama D:\\ollama'],
    ['Hugging Face', 'linux', { HF_HOME: '/data/hf' }, 'hub /data/hf/hub'],
    ['Hugging Face', 'linux', { HF_HOME: '/data/hf', HF_HUB_CACHE: '/data/hub' }, 'hub /data/hub'],
    ['Hugging Face', 'linux', { HUGGINGFACE_HUB_CACHE: '~/hub' }, 'hub ~/hub'],
    ['Hugging Face', 'linux', { XDG_CACHE_HOME: '/cache' }, 'hub /cache/huggingface/hub'],
    ['Hugging Face', 'win32', { HF_HOME: 'D:\\hf' }, 'hub D:\\hf\\hub'],
    ['llama.cpp', 'linux', { XDG_CACHE_HOME: '/cache' }, 'files /cache/llama.cpp'],
    ['llama.cpp', 'win32', { LOCALAPPDATA: 'D:\\local' }, 'files D:\\local\\llama.cpp'],
    ['Jan', 'linux', { JAN_DATA_FOLDER: '/data/jan' }, 'files /data/jan/llamacpp/models'],
    ['Jan', 'linux', { XDG_DATA_HOME: '/share' }, 'files /share/Jan/data/llamacpp/models'],
    ['Jan', 'win32', { APPDATA: 'D:\\roaming' }, 'files D:\\roaming\\Jan\\data\\llamacpp\\models'],
    ['GPT4All', 'win32', { LOCALAPPDATA: 'D:\\local' }, 'files D:\\local\\nomic.ai\\GPT4All'],
  ])('%s on %s: %j', (program, platform, environment, first) =>
    expect(foldersOf(program, platform, environment)[0]).toBe(first),
  );

  it('llama.cpp, as a flat folder and as one of the hub', () =>
    expect(foldersOf('llama.cpp', 'linux', { LLAMA_CACHE: '/data/llama' })).toEqual([
      'hub /data/llama',
      'files /data/llama',
    ]));
});

describe("a program's own settings name the folder of", () => {
  it('LM Studio: its pointer, and the folder for downloads there', () =>
    expect(
      foldersOf(
        'LM Studio',
        'linux',
        {},
        {
          '~/.lmstudio-home-pointer': '/data/lm\n',
          '/data/lm/settings.json': '{"downloadsFolder": "/data/models"}',
        },
      ).slice(0, 2),
    ).toEqual(['files /data/models', 'files /data/lm/models']));

  it('Jan', () =>
    expect(
      foldersOf(
        'Jan',
        'win32',
        {},
        { '~\\AppData\\Roaming\\Jan\\settings.json': '{"data_folder": "D:\\\\jan"}' },
      )[0],
    ).toBe('files D:\\jan\\llamacpp\\models'));

  it.each<[Platform, string]>([
    ['linux', '~/.config/nomic.ai/GPT4All.ini'],
    ['darwin', '~/.config/nomic.ai/GPT4All.ini'],
    ['win32', '~\\AppData\\Roaming\\nomic.ai\\GPT4All.ini'],
  ])('GPT4All on %s', (platform, path) =>
    expect(foldersOf('GPT4All', platform, {}, { [path]: '[General]\nmodelPath=/data/gpt4all/\n' })[0]).toBe(
      'files /data/gpt4all/',
    ),
  );

  it('nobody, if they are damaged', () =>
    expect(
      foldersOf('LM Studio', 'linux', {}, { '~/.lmstudio/settings.json': '{"downloadsFolder": 3' }),
    ).toEqual(foldersOf('LM Studio', 'linux')));
});
