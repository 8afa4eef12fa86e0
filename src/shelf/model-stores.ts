/**
 * Where other programs keep their models on this machine. Only paths: `find-models.ts` looks whether they are there.
 *
 * Sources, each the program's own code or documentation: Ollama `envconfig/config.go` and its Linux service
 * (docs/linux.md); huggingface_hub `constants.py`; llama.cpp `common.cpp` (`fs_get_cache_directory`) and `hf-cache.cpp`;
 * Jan `src-tauri/src/core/app/commands.rs`; GPT4All `mysettings.cpp`, `main.cpp`; LM Studio's `~/.lmstudio-home-pointer`
 * and `settings.json`, which its own command `lms` reads.
 */
import { readFileSync, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';

export interface ModelStore {
  /** The program's name, for the user to read. */
  readonly program: string;
  /** 'hub': repositories as huggingface_hub lays them out. 'files': GGUF files and model folders, anywhere below. */
  readonly layout: 'ollama' | 'hub' | 'files';
  readonly folder: string;
}

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
  /** The text of a small file; undefined if it cannot be read. */
  readonly readText: (path: string) => string | undefined;
}

/** @returns each folder once; most of them are not there */
export function modelStores(machine: Machine): readonly ModelStore[] {
  const stores = [ollama, huggingFace, lmStudio, llamaCpp, jan, gpt4all].flatMap(storesOf =>
    storesOf(machine),
  );
  const folders = new Set<string>();
  return stores.filter(({ folder, layout }) => {
    const key = `${layout} ${folder}`;
    return !folders.has(key) && folders.add(key);
  });
}

function ollama({ platform, environment, home }: Machine): readonly ModelStore[] {
  const { join } = pathsOf(platform);
  const chosen = environment['OLLAMA_MODELS']?.replace(/^["' ]+|["' ]+$/g, '');
  const folders = chosen
    ? [chosen]
    : [
        join(home, '.ollama', 'models'),
        // The installer for Linux runs it as a service, with a user of its own.
        ...(platform === 'linux' ? ['/usr/share/ollama/.ollama/models'] : []),
      ];
  return folders.map(folder => ({ program: 'Ollama', layout: 'ollama', folder }));
}

function huggingFace({ platform, environment, home }: Machine): readonly ModelStore[] {
  const { join } = pathsOf(platform);
  const caches = environment['XDG_CACHE_HOME'] || join(home, '.cache');
  const folder =
    environment['HF_HUB_CACHE'] ||
    environment['HUGGINGFACE_HUB_CACHE'] ||
    join(environment['HF_HOME'] || join(caches, 'huggingface'), 'hub');
  return [{ program: 'Hugging Face', layout: 'hub', folder: withoutTilde(folder, home, platform) }];
}

function lmStudio({ platform, home, readText }: Machine): readonly ModelStore[] {
  const { join } = pathsOf(platform);
  const pointer = readText(join(home, '.lmstudio-home-pointer'))?.split('\n')[0]?.trim();
  const homes = [pointer, join(home, '.lmstudio'), join(home, '.cache', 'lm-studio')].filter(isText);
  const folders = homes.flatMap(folder => [
    fieldOf(readText(join(folder, 'settings.json')), 'downloadsFolder'),
    join(folder, 'models'),
  ]);
  return filesOf('LM Studio', folders);
}

function llamaCpp({ platform, environment, home }: Machine): readonly ModelStore[] {
  const { join } = pathsOf(platform);
  const own = environment['LLAMA_CACHE'];
  const folder = own || join(cachesOf({ platform, environment, home }), 'llama.cpp');
  // Newer versions lay out a folder that the user names as huggingface_hub does.
  const hub: readonly ModelStore[] = own ? [{ program: 'llama.cpp', layout: 'hub', folder }] : [];
  return [...hub, ...filesOf('llama.cpp', [folder])];
}

function jan({ platform, environment, home, readText }: Machine): readonly ModelStore[] {
  const { join } = pathsOf(platform);
  const root = join(dataOf({ platform, environment, home }), 'Jan');
  const data =
    environment['JAN_DATA_FOLDER'] ||
    fieldOf(readText(join(root, 'settings.json')), 'data_folder') ||
    join(root, 'data');
  // Until version 0.5 it kept them in the home folder.
  return filesOf('Jan', [
    join(data, 'llamacpp', 'models'),
    join(data, 'models'),
    join(home, 'jan', 'models'),
  ]);
}

function gpt4all({ platform, environment, home, readText }: Machine): readonly ModelStore[] {
  const { join } = pathsOf(platform);
  const settings =
    platform === 'win32'
      ? join(environment['APPDATA'] || join(home, 'AppData', 'Roaming'), 'nomic.ai', 'GPT4All.ini')
      : join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), 'nomic.ai', 'GPT4All.ini');
  const chosen = /^modelPath=(.+)$/m.exec(readText(settings) ?? '')?.[1]?.trim();
  const data =
    platform === 'win32'
      ? environment['LOCALAPPDATA'] || join(home, 'AppData', 'Local')
      : dataOf({ platform, environment, home });
  return filesOf('GPT4All', [chosen, join(data, 'nomic.ai', 'GPT4All'), join(home, '.cache', 'gpt4all')]);
}

type Folders = Pick<Machine, 'platform' | 'environment' | 'home'>;

/** Where programs keep what the user would miss. */
function dataOf({ platform, environment, home }: Folders): string {
  const { join } = pathsOf(platform);
  if (platform === 'win32') return environment['APPDATA'] || join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  return environment['XDG_DATA_HOME'] || join(home, '.local', 'share');
}

/** Where programs keep what they can make or download again. */
function cachesOf({ platform, environment, home }: Folders): string {
  const { join } = pathsOf(platform);
  if (platform === 'win32') return environment['LOCALAPPDATA'] || join(home, 'AppData', 'Local');
  if (platform === 'darwin') return join(home, 'Library', 'Caches');
  return environment['XDG_CACHE_HOME'] || join(home, '.cache');
}

function filesOf(program: string, folders: readonly (string | undefined)[]): readonly ModelStore[] {
  return folders.filter(isText).map(folder => ({ program, layout: 'files', folder }));
}

function withoutTilde(path: string, home: string, platform: NodeJS.Platform): string {
  return /^~([/\\]|$)/.test(path) ? pathsOf(platform).join(home, path.slice(1)) : path;
}

/** A field of a program's own settings; undefined if it is not there or no text. */
function fieldOf(json: string | undefined, field: string): string | undefined {
  try {
    const value: unknown = Object(JSON.parse(json ?? '{}'))[field];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function isText(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

/** Paths as the platform writes them, so that a test can ask for all three. */
function pathsOf(platform: NodeJS.Platform): Pick<typeof posix, 'join'> {
  return platform === 'win32' ? win32 : posix;
}

/** Settings of other programs are short. */
const maxTextBytes = 1_000_000;

/** The text of a file for `Machine`; undefined if it is not there, no file, or too long. */
export function readSmallText(path: string): string | undefined {
  try {
    const { size } = statSync(path);
    return size > maxTextBytes ? undefined : readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
