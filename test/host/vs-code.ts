// Drives a VS Code that scripts/code-server.mjs has started, the way a person does: keys in, screen out.
// Every wait is for a condition, with a deadline. Knows nothing of what the extension suggests.

import { readFile } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { upperCaseDrive } from '../../src/common/windows-files';
import { textOfGhostLines, textOfLines, watchText } from './in-browser';
import { until } from './until';

/** Milliseconds that VS Code gets for one step; a busy CI machine needs seconds. */
const patience = 20_000;

export interface VsCode {
  /** Opens a file of the folder and puts the cursor at line and column, from 1. */
  openFile(path: string, at?: { line: number; column: number }): Promise<void>;
  /** Opens an editor of a document that has no file yet. */
  openUntitled(): Promise<void>;
  /** Shows the active editor's document in a second group at its right as well, and goes there. */
  splitEditorRight(): Promise<void>;
  /** Opens a notebook of the folder and puts the cursor at the end of this cell, from 1. */
  openNotebook(path: string, cell: number): Promise<void>;
  /** Puts the cursor at line and column of the active editor, from 1. */
  goTo(line: number, column: number): Promise<void>;
  type(text: string, options?: { delayMs?: number }): Promise<void>;
  /** A key or chord in Playwright's notation: 'Tab', 'Escape', 'ControlOrMeta+ArrowRight'. */
  press(key: string): Promise<void>;
  /** Runs the command that the palette lists under exactly this title, such as 'Sotto: Toggle'. */
  runCommand(title: string): Promise<void>;
  /** The ghost text on screen, its lines joined by '\n'; `undefined` if there is none. */
  ghostText(): Promise<string | undefined>;
  /** The ghost text, once there is one that has stopped changing. */
  waitForGhostText(timeoutMs?: number): Promise<string>;
  waitForNoGhostText(timeoutMs?: number): Promise<void>;
  /** The lines on screen of the active editor, or of a notebook's cell with the cursor, without ghost text. */
  visibleText(): Promise<string>;
  /** The document of the active editor, which is saved for that: what is on disk then is the truth. */
  editorText(): Promise<string>;
  /** Text of the first status bar item whose id has this part ('sotto.sotto'); `undefined` if there is none. */
  statusBarText(idPart: string): Promise<string | undefined>;
  /** What a screen reader says of that item. */
  statusBarLabel(idPart: string): Promise<string | undefined>;
  /** Texts that the item shows from now on. @returns those so far */
  watchStatusBar(idPart: string): Promise<() => Promise<string[]>>;
  /** Messages of the notifications on screen. */
  notifications(): Promise<string[]>;
  screenshot(path: string): Promise<void>;
  close(): Promise<void>;
  /** For what has no method here. */
  readonly page: Page;
}

export function launchBrowser(executablePath: string): Promise<Browser> {
  const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update'];
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-sync', ...quiet];
  return chromium.launch({ executablePath, args, headless: true });
}

/** Opens the address that `startCodeServer` gave, in a window of its own; resolves when VS Code can be typed into. */
export async function openVsCode({
  browser,
  url,
  folder,
}: {
  browser: Browser;
  url: string;
  folder: string;
}): Promise<VsCode> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  await page.goto(url);
  await page.locator('.monaco-workbench .part.statusbar').waitFor();

  const quickInput = page.locator('.quick-input-widget');
  const activeGroup = page.locator('.editor-group-container.active');
  const editor = activeGroup.locator('.monaco-editor[data-uri]').first();
  // A notebook is drawn above its group, not in it.
  const active = page.locator('.editor-group-container.active, .notebookOverlay:not([inert]):visible');

  const answerQuickInput = async (opensWith: string, text: string) => {
    // A key pressed while the workbench is still starting is lost.
    await until(
      `the quick input of ${opensWith}`,
      async () => {
        await page.keyboard.press(opensWith);
        return whether(await appears(quickInput, 1_000));
      },
      { timeoutMs: patience },
    );
    // In one go: a file search that is overtaken by the next letter may end with no result at all.
    await quickInput.locator('input[type=text]').fill(text);
  };

  const chooseFile = async (file: string, typed: string) => {
    await answerQuickInput('ControlOrMeta+p', typed);
    // Recently opened files come up first, and some letters in common suffice for that.
    const name = page.locator('.label-name', { hasText: exactly(basename(file)) });
    const inFolder = relative(folder, dirname(file));
    const shownFolder = inFolder.startsWith('..') ? dirname(file) : inFolder;
    const place = page.locator('.label-description', { hasText: exactly(shownFolder) });
    const isInSubfolder = inFolder !== '';
    await quickInput
      .locator('.monaco-list-row', { has: name })
      .filter(
        isInSubfolder ? { has: place } : { hasNot: page.locator('.label-description', { hasText: /\S/ }) },
      )
      .first()
      .click();
    await quickInput.waitFor({ state: 'hidden' });
  };

  const untilReadyForKeys = async (newEditor: string) => {
    await page.locator(newEditor).waitFor();
    // A new editor gets its inline completions controller when the browser is idle; what was typed before
    // that asks no provider. Idle callbacks are called in order, so ours comes after.
    await page.evaluate('new Promise(done => requestIdleCallback(() => requestIdleCallback(done)))');
  };

  const vsCode: VsCode = {
    page,

    async openFile(path, at = { line: 1, column: 1 }) {
      const file = resolve(folder, path);
      await chooseFile(file, `${file}:${at.line}:${at.column}`);
      await until(`${file} in the active editor`, async () => whether((await pathOf(editor)) === file));
      await untilReadyForKeys('.monaco-editor.focused[data-uri]');
    },

    async openUntitled() {
      await vsCode.runCommand('File: New Untitled Text File');
      await untilReadyForKeys('.monaco-editor.focused[data-uri^="untitled:"]');
    },

    async splitEditorRight() {
      await vsCode.runCommand('View: Split Editor Right');
      await untilReadyForKeys('.editor-group-container >> nth=1 >> .monaco-editor.focused');
    },

    async openNotebook(path, cell) {
      const file = resolve(folder, path);
      await chooseFile(file, file);
      await activeGroup.locator('.tab.active', { hasText: basename(file) }).waitFor();
      await page
        .locator('.notebookOverlay:not([inert]):visible .code-cell-row')
        .nth(cell - 1)
        .locator('.cell-editor-part')
        .click();
      await untilReadyForKeys('.notebookOverlay .monaco-editor.focused');
      await page.keyboard.press(process.platform === 'darwin' ? 'Meta+ArrowDown' : 'Control+End');
    },

    async goTo(line, column) {
      // VS Code has Control for this on macOS too.
      await answerQuickInput('Control+g', `:${line}:${column}`);
      await page.keyboard.press('Enter');
      await quickInput.waitFor({ state: 'hidden' });
      await page.locator('.monaco-editor.focused[data-uri]').waitFor();
    },

    type: (text, { delayMs = 0 } = {}) => page.keyboard.type(text, { delay: delayMs }),
    press: key => page.keyboard.press(key),

    async runCommand(title) {
      await answerQuickInput('F1', `>${title}`);
      const label = quickInput.locator('.monaco-list-row .label-name', { hasText: exactly(title) });
      await label.first().click();
      await label.first().waitFor({ state: 'hidden' });
    },

    async ghostText() {
      const first = await active.locator('.view-lines [class*=ghost-text-decoration]').allTextContents();
      const more = await active.locator('.suggest-preview-text .view-line').evaluateAll(textOfGhostLines);
      if (first.length === 0 && more.length === 0) return undefined;
      return [first.join(''), ...more].join('\n').replaceAll('\u00a0', ' ');
    },

    async waitForGhostText(timeoutMs = patience) {
      let previous: string | undefined;
      return until(
        'ghost text',
        async () => {
          const last = previous;
          previous = await vsCode.ghostText();
          // The first line and those below it are drawn apart: only what is seen twice is whole.
          return previous === last ? previous : undefined;
        },
        { timeoutMs },
      );
    },

    async waitForNoGhostText(timeoutMs = patience) {
      await until('no ghost text', async () => whether((await vsCode.ghostText()) === undefined), {
        timeoutMs,
      });
    },

    async visibleText() {
      const focused = active.locator('.monaco-editor.focused');
      const shown = (await focused.count()) > 0 ? focused : editor;
      return shown.locator('.view-lines > .view-line').evaluateAll(textOfLines);
    },

    async editorText() {
      const file = await pathOf(editor);
      if (file === undefined) throw new Error('No file is open');
      // A tab shows that it is dirty one frame after the edit. A clean one is not saved again: a file that is read
      // while it is written is empty.
      await page.evaluate('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))');
      if ((await activeGroup.locator('.tab.active.dirty').count()) > 0)
        await page.keyboard.press('ControlOrMeta+s');
      await activeGroup.locator('.tab.active:not(.dirty)').waitFor();
      return readFile(file, 'utf8');
    },

    async statusBarText(idPart) {
      const [text] = await page.locator(`.statusbar-item[id*="${idPart}"]`).allTextContents();
      return text?.trim();
    },

    async statusBarLabel(idPart) {
      const labels = page.locator(`.statusbar-item[id*="${idPart}"] [aria-label]`);
      return (await labels.count()) === 0
        ? undefined
        : ((await labels.first().getAttribute('aria-label')) ?? '');
    },

    async watchStatusBar(idPart) {
      // What is shown for half a second could be missed by looking now and then.
      const texts = await page.evaluateHandle(watchText, `.statusbar-item[id*="${idPart}"]`);
      return () => texts.jsonValue();
    },

    notifications: () => page.locator('.notification-list-item-message').allTextContents(),
    screenshot: async path => void (await page.screenshot({ path })),
    close: () => context.close(),
  };
  return vsCode;
}

/** As `until` wants it. */
function whether(condition: boolean): true | undefined {
  return condition || undefined;
}

async function appears(locator: Locator, timeoutMs: number): Promise<boolean> {
  return locator.waitFor({ timeout: timeoutMs }).then(
    () => true,
    () => false,
  );
}

function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}

/** The file of an editor, from its `vscode-remote://HOST/PATH`. */
async function pathOf(editor: Locator): Promise<string | undefined> {
  if ((await editor.count()) === 0) return undefined;
  const uri = await editor.getAttribute('data-uri');
  if (uri === null) return undefined;
  // Of Windows it is `/c:/Users`, which the tests call `C:\Users`.
  const path = decodeURIComponent(new URL(uri).pathname).replace(/^\/(?=[a-z]:\/)/i, '');
  return resolve(upperCaseDrive(path));
}
