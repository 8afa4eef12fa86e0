// Drives a VS Code that scripts/code-server.mjs has started, as a user does: it types keys and reads the screen.
// Each wait is for a condition, with a deadline. Knows nothing of what the extension suggests.

import { readFile } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { upperCaseDrive } from '../../src/common/microsoft-windows-files';
import { textOfGhostLines, textOfLines, watchText } from './in-browser';
import { until } from './until';
import { keys } from './user-settings';

/** Milliseconds that VS Code may take for one step. A busy CI machine needs seconds. */
const patience = 20_000;

export interface VsCode {
  /** Opens a file of the folder and puts the cursor at line and column, from 1. */
  openFile(path: string, at?: { line: number; column: number }): Promise<void>;
  /** Opens an editor with a new document that has no file yet. */
  openUntitled(): Promise<void>;
  /** Shows the active editor's document in a second editor group on the right too, and puts the cursor there. */
  splitEditorRight(): Promise<void>;
  /** Opens a notebook of the folder and puts the cursor at the end of this cell, from 1. */
  openNotebook(path: string, cell: number): Promise<void>;
  /** Closes all editors without saving them, and notifications, dialogs and the palette. */
  closeAll(): Promise<void>;
  /** Puts the cursor at line and column of the active editor, from 1. */
  goTo(line: number, column: number): Promise<void>;
  type(text: string, options?: { delayMs?: number }): Promise<void>;
  /** Presses a key or chord in Playwright's notation: 'Tab', 'Escape', 'ControlOrMeta+ArrowRight'. */
  press(key: string): Promise<void>;
  /** Runs the command with exactly this title in the palette, such as 'Sotto: Toggle'. */
  runCommand(title: string): Promise<void>;
  /** The ghost text on screen, its lines joined by '\n'; `undefined` if there is none. */
  ghostText(): Promise<string | undefined>;
  /** Waits until there is ghost text and it no longer changes. @returns the ghost text */
  waitForGhostText(timeoutMs?: number): Promise<string>;
  waitForNoGhostText(timeoutMs?: number): Promise<void>;
  /** The lines on screen, without ghost text: of the active editor, or of the notebook cell with the cursor. */
  visibleText(): Promise<string>;
  /** Saves the document of the active editor. @returns its text, read from the disk */
  editorText(): Promise<string>;
  /** Text of the first status bar item whose id contains this ('sotto.sotto'); `undefined` if there is none. */
  statusBarText(idPart: string): Promise<string | undefined>;
  /** The text of that item for screen readers. */
  statusBarLabel(idPart: string): Promise<string | undefined>;
  /** Records the texts of that item from now on. @returns a function that gives those so far */
  watchStatusBar(idPart: string): Promise<() => Promise<string[]>>;
  /** Messages of the notifications on screen. */
  notifications(): Promise<string[]>;
  screenshot(path: string): Promise<void>;
  close(): Promise<void>;
  /** For everything that has no method here. */
  readonly page: Page;
}

/** @param environment variables of the browser, in addition to those of this process */
export function launchBrowser(executablePath: string, environment: NodeJS.ProcessEnv = {}): Promise<Browser> {
  const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update'];
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-sync', ...quiet];
  const env = { ...process.env, ...environment };
  return chromium.launch({ executablePath, args, env, headless: true });
}

/** Opens the address from `startCodeServer` in a new window. Resolves when VS Code is on screen. */
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
  // In the page, a notebook is not inside its editor group but above it.
  const active = page.locator('.editor-group-container.active, .notebookOverlay:not([inert]):visible');

  const answerQuickInput = async (opensWith: string, text: string) => {
    // While the workbench is still starting, it loses keys.
    await until(
      `the quick input of ${opensWith}`,
      async () => {
        await page.keyboard.press(opensWith);
        return await appears(quickInput, 1_000);
      },
      { timeoutMs: patience },
    );
    // All at once: if the next letter interrupts a file search, the search may end without a result.
    await quickInput.locator('input[type=text]').fill(text);
  };

  const chooseFile = async (file: string, typed: string) => {
    await answerQuickInput('ControlOrMeta+p', typed);
    // The list begins with recently opened files, even if they share only some letters with the text.
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
    // A new editor gets its inline completions controller when the browser is idle. Until then a key causes no request.
    // The browser runs idle callbacks in order, so ours run after VS Code's.
    await page.evaluate('new Promise(done => requestIdleCallback(() => requestIdleCallback(done)))');
  };

  const vsCode: VsCode = {
    page,

    async openFile(path, at = { line: 1, column: 1 }) {
      const file = resolve(folder, path);
      await chooseFile(file, `${file}:${at.line}:${at.column}`);
      await until(`${file} in the active editor`, async () => (await pathOf(editor)) === file);
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

    async closeAll() {
      const dialog = page.locator('.monaco-dialog-box');
      if ((await dialog.isVisible()) || (await quickInput.isVisible())) await page.keyboard.press('Escape');
      await quickInput.waitFor({ state: 'hidden' });
      const toasts = page.locator('.notification-list-item');
      const withoutSaving = dialog.getByRole('button', { name: "Don't Save" });
      await until(
        'a window without editors and notifications',
        async () => {
          if ((await toasts.count()) > 0) {
            await page.keyboard.press(keys.clearNotifications);
            await toasts
              .first()
              .waitFor({ state: 'detached', timeout: 1_000 })
              .catch(() => undefined);
            return false;
          }
          if ((await page.locator('.editor-group-container .tab').count()) === 0) return true;
          await page.keyboard.press(keys.closeAllEditors);
          await appears(withoutSaving.or(page.locator('.editor-group-container.empty')), 2_000);
          if (await withoutSaving.isVisible()) await withoutSaving.click();
          return false;
        },
        { timeoutMs: patience },
      );
    },

    async goTo(line, column) {
      // On macOS too the key is Control here.
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
          // VS Code draws the first line and those below it separately. Only a text that we see twice is complete.
          return previous === last ? previous : undefined;
        },
        { timeoutMs },
      );
    },

    async waitForNoGhostText(timeoutMs = patience) {
      await until('no ghost text', async () => (await vsCode.ghostText()) === undefined, { timeoutMs });
    },

    async visibleText() {
      const focused = active.locator('.monaco-editor.focused');
      const shown = (await focused.count()) > 0 ? focused : editor;
      return shown.locator('.view-lines > .view-line').evaluateAll(textOfLines);
    },

    async editorText() {
      const file = await pathOf(editor);
      if (file === undefined) throw new Error('No file is open');
      // The tab shows one frame after an edit that the document is dirty. We do not save a clean document again: a file
      // is empty while VS Code writes it.
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
      // Looking from time to time could miss a text that stays for half a second.
      const texts = await page.evaluateHandle(watchText, `.statusbar-item[id*="${idPart}"]`);
      return () => texts.jsonValue();
    },

    notifications: () => page.locator('.notification-list-item-message').allTextContents(),
    screenshot: async path => void (await page.screenshot({ path })),
    close: () => context.close(),
  };
  return vsCode;
}

/** Waits for an element. @returns whether it was visible before the timeout */
export async function appears(locator: Locator, timeoutMs: number): Promise<boolean> {
  return locator.waitFor({ timeout: timeoutMs }).then(
    () => true,
    () => false,
  );
}

function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}

/** The path of an editor's file, from its URI `vscode-remote://HOST/PATH`. */
async function pathOf(editor: Locator): Promise<string | undefined> {
  if ((await editor.count()) === 0) return undefined;
  const uri = await editor.getAttribute('data-uri');
  if (uri === null) return undefined;
  // On Windows the URI has `/c:/Users`, and the tests have `C:\Users`.
  const path = decodeURIComponent(new URL(uri).pathname).replace(/^\/(?=[a-z]:\/)/i, '');
  return resolve(upperCaseDrive(path));
}
