/**
 * A real VS Code with the packed extension and an empty workspace, for one test file. Each test finds it as the first
 * one did: no editors, no files, no settings of another test. A failed test's screenshot and logs go to test-results/.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { findChromium } from '../../scripts/chromium.mjs';
import {
  installCodeServer,
  startCodeServer,
  writeKeybindings,
  writeUserSettings,
} from '../../scripts/code-server.mjs';
import { removeFolder } from '../temporary-folder';
import { writeLanguagePack } from './language-pack';
import { until } from './until';
import { keybindings, quietSettings } from './user-settings';
import { launchBrowser, openVsCode, type VsCode } from './vs-code';

const root = join(__dirname, '../..');
const vsix = join(root, `build/sotto-${process.platform}-${process.arch}.vsix`);

export interface Fixture {
  readonly vsCode: VsCode;
  /** The folder that is open. */
  readonly workspace: string;
  /** Where VS Code keeps the user's settings, and extensions their storage. */
  readonly userDataFolder: string;
  /** The extension's own folder, which VS Code keeps between sessions. */
  readonly globalStorage: string;
  /** Copies examples/ to a new folder of the workspace. @returns the folder, relative to the workspace */
  copyExamples(): string;
  /** Writes a file of the workspace. */
  writeFile(path: string, text: string): void;
  /** The lines of the extension's own log so far. */
  log(): Promise<string[]>;
  /** The lines of the extension host's log so far. */
  hostLog(): Promise<string[]>;
  /** Replaces the settings of an earlier call. Resolves when VS Code has them, so the next key is under them. */
  setSettings(settings: Record<string, unknown>): Promise<void>;
}

/**
 * Call this at the top of a test file. What it returns gives the fixture inside a test.
 * @param settings user settings for the whole file, in addition to the quiet ones
 */
export function useVsCode(
  settings: Record<string, unknown> = {},
  options: VsCodeOptions = {},
): () => Fixture {
  let fixture: OpenFixture | undefined;
  let folder: string;

  beforeAll(async () => {
    if (!existsSync(vsix)) throw new Error(`${vsix} is missing: run \`npm run package\` first`);
    folder = mkdtempSync(join(tmpdir(), 'sotto-host-'));
    fixture = await open(folder, settings, options);
  });

  afterEach(async ({ task }) => {
    if (fixture === undefined) return;
    if (task.result?.state === 'fail') await keepEvidence(task.name, fixture);
    await fixture.restore();
  });

  afterAll(async () => {
    await fixture?.vsCode.close();
    await fixture?.browser.close();
    await fixture?.server.stop();
    removeFolder(folder);
  });

  return () => {
    if (fixture === undefined) throw new Error('the fixture exists only inside a test');
    return fixture;
  };
}

export interface VsCodeOptions {
  /** Of extensions without code that are installed too. */
  readonly manifests?: readonly ExtensionManifest[];
  /** Variables of VS Code, in addition to those of this process. @param folder the file's own */
  readonly environment?: (folder: string) => NodeJS.ProcessEnv;
  /** Of VS Code and its extensions, such as `zh-cn`; English by default. */
  readonly language?: string;
  /** Variables of the browser, in addition to those of this process. */
  readonly browserEnvironment?: () => Promise<NodeJS.ProcessEnv>;
}

/** The fields of an extension's package.json that VS Code insists on, and what it contributes. */
export interface ExtensionManifest {
  readonly publisher: string;
  readonly name: string;
  readonly contributes?: Readonly<Record<string, unknown>>;
}

type Server = Awaited<ReturnType<typeof startCodeServer>>;

interface OpenFixture extends Fixture {
  readonly server: Server;
  readonly browser: Browser;
  /** Undoes what a test did, also one that failed: closes editors, takes settings back, removes files. */
  restore(): Promise<void>;
}

async function open(
  folder: string,
  userSettings: Record<string, unknown>,
  { manifests = [], environment = () => ({}), language = 'en', browserEnvironment }: VsCodeOptions,
): Promise<OpenFixture> {
  const say = (line: string) => console.log(line);
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  const userDataFolder = join(folder, 'user-data');
  const entry = await installCodeServer({ log: say });
  const executable = await findChromium({ install: true, log: say });
  if (language !== 'en') writeLanguagePack(userDataFolder, language);
  await writeUserSettings(userDataFolder, { ...quietSettings, ...userSettings });
  await writeKeybindings(userDataFolder, keybindings);
  const extensionsFolder = join(folder, 'extensions');
  for (const manifest of manifests) {
    const place = join(extensionsFolder, `${manifest.publisher}.${manifest.name}-1.0.0`);
    mkdirSync(place, { recursive: true });
    const whole = { version: '1.0.0', engines: { vscode: '*' }, ...manifest };
    writeFileSync(join(place, 'package.json'), JSON.stringify(whole));
  }
  const server = await startCodeServer({
    entry,
    folder: workspace,
    userDataFolder,
    extensionsFolder,
    vsix,
    language,
    traceExtension: 'sotto.sotto',
    environment: environment(folder),
  });
  const browser = await launchBrowser(executable, await browserEnvironment?.());
  const vsCode = await openVsCode({ browser, url: server.url, folder: workspace });
  await until('the extension', () => vsCode.statusBarText('sotto.status'), { timeoutMs: 60_000 });
  let copies = 0;
  let changes = 0;
  let areSettingsChanged = false;
  const setSettings = async (settings: Record<string, unknown>) => {
    areSettingsChanged = true;
    // VS Code reads the file a moment later, and all its settings at once. Its title shows when.
    const title = `settings ${++changes}.`;
    await server.changeSettings({ ...settings, 'window.title': title });
    await until('the new settings', async () => (await vsCode.page.title()).includes(title));
    areSettingsChanged = Object.keys(settings).length > 0;
  };
  return {
    server,
    browser,
    vsCode,
    workspace,
    userDataFolder,
    globalStorage: join(userDataFolder, 'User', 'globalStorage', 'sotto.sotto'),
    copyExamples() {
      copies++;
      cpSync(join(root, 'examples'), join(workspace, `${copies}`), { recursive: true });
      return `${copies}`;
    },
    writeFile(path, text) {
      const file = join(workspace, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    },
    log: () => linesOf(server, 'sotto.sotto'),
    hostLog: () => linesOf(server, 'exthost.log'),
    setSettings,
    async restore() {
      await vsCode.closeAll();
      if (areSettingsChanged) await setSettings({});
      for (const name of readdirSync(workspace)) removeFolder(join(workspace, name));
    },
  };
}

async function linesOf(server: Server, part: string): Promise<string[]> {
  const files = await server.extensionHostLogs(part);
  return files.flatMap(({ text }) => text.split('\n')).filter(line => line !== '');
}

async function keepEvidence(test: string, { vsCode, server }: OpenFixture): Promise<void> {
  const results = join(root, 'test-results', test.replaceAll(/\W+/g, '-'));
  mkdirSync(results, { recursive: true });
  await vsCode.screenshot(join(results, 'screen.png'));
  for (const [index, { path, text }] of (await server.extensionHostLogs()).entries())
    writeFileSync(join(results, `${index}-${path.split(/[\\/]/).at(-1)}`), text);
}
