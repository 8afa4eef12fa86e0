// A real VS Code with the packed extension and a fresh workspace, for one test file. What a failed test leaves
// (a screenshot, all logs) goes to test-results/.

import { cpSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
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
import { until } from './until';
import { keybindings, quietSettings } from './user-settings';
import { launchBrowser, openVsCode, type VsCode } from './vs-code';

const root = join(__dirname, '../..');
const vsix = join(root, `build/sotto-${process.platform}-${process.arch}.vsix`);

export interface Fixture {
  readonly vsCode: VsCode;
  /** A copy of examples/ that only this call's test uses. @returns its folder, relative to the workspace */
  copyExamples(): string;
  /** Writes a file of the workspace. */
  writeFile(path: string, text: string): void;
  /** The lines of the extension's own log so far. */
  log(): Promise<string[]>;
  /** The lines of the extension host's log so far. */
  hostLog(): Promise<string[]>;
  /** Sotto's settings from now on; VS Code sees the change while it runs. */
  setSettings(settings: Record<string, unknown>): Promise<void>;
}

/**
 * Call at the top of a test file; the fixture is there once the tests run.
 * @param settings user settings of this VS Code beside the quiet ones
 */
export function useVsCode(settings: Record<string, unknown> = {}): () => Fixture {
  let fixture: (Fixture & { readonly server: Server; readonly browser: Browser }) | undefined;
  let folder: string;

  beforeAll(async () => {
    if (!existsSync(vsix)) throw new Error(`${vsix} is missing: run \`npm run package\` first`);
    folder = mkdtempSync(join(tmpdir(), 'sotto-host-'));
    fixture = await open(folder, settings);
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail' && fixture) await keepEvidence(task.name, fixture);
  });

  afterAll(async () => {
    await fixture?.vsCode.close();
    await fixture?.browser.close();
    await fixture?.server.stop();
    removeFolder(folder);
  });

  return () => {
    if (fixture === undefined) throw new Error('the fixture is only there inside a test');
    return fixture;
  };
}

type Server = Awaited<ReturnType<typeof startCodeServer>>;

async function open(folder: string, settings: Record<string, unknown>) {
  const say = (line: string) => console.log(line);
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  const userDataFolder = join(folder, 'user-data');
  const entry = await installCodeServer({ log: say });
  const executable = await findChromium({ install: true, log: say });
  await writeUserSettings(userDataFolder, { ...quietSettings, ...settings });
  await writeKeybindings(userDataFolder, keybindings);
  const server = await startCodeServer({
    entry,
    folder: workspace,
    userDataFolder,
    extensionsFolder: join(folder, 'extensions'),
    vsix,
    traceExtension: 'sotto.sotto',
  });
  const browser = await launchBrowser(executable);
  const vsCode = await openVsCode({ browser, url: server.url, folder: workspace });
  await until('the extension', () => vsCode.statusBarText('sotto.status'), { timeoutMs: 60_000 });
  let copies = 0;
  return {
    server,
    browser,
    vsCode,
    copyExamples() {
      copies++;
      cpSync(join(root, 'examples'), join(workspace, `${copies}`), { recursive: true });
      return `${copies}`;
    },
    writeFile(path: string, text: string) {
      const file = join(workspace, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    },
    log: () => linesOf(server, 'sotto.sotto'),
    hostLog: () => linesOf(server, 'exthost.log'),
    setSettings: (settings: Record<string, unknown>) => server.changeSettings(settings),
  };
}

async function linesOf(server: Server, part: string): Promise<string[]> {
  const files = await server.extensionHostLogs(part);
  return files.flatMap(({ text }) => text.split('\n')).filter(line => line !== '');
}

async function keepEvidence(
  test: string,
  { vsCode, server }: { vsCode: VsCode; server: Server },
): Promise<void> {
  const results = join(root, 'test-results', test.replaceAll(/\W+/g, '-'));
  mkdirSync(results, { recursive: true });
  await vsCode.screenshot(join(results, 'screen.png'));
  for (const [index, { path, text }] of (await server.extensionHostLogs()).entries())
    writeFileSync(join(results, `${index}-${path.split(/[\\/]/).at(-1)}`), text);
}

/** Waits until the extension's log has a line that matches; @returns that line's groups */
export function untilLogged(fixture: Fixture, pattern: RegExp, after = 0): Promise<RegExpExecArray> {
  return until(`a log line ${pattern}`, async () => {
    for (const line of (await fixture.log()).slice(after)) {
      const match = pattern.exec(line);
      if (match) return match;
    }
    return undefined;
  });
}
