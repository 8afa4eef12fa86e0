/** Takes the pictures in media/ of the packed extension in a real VS Code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { starterGguf } from '../checkpoint/starter';
import { addToHub, addToOllama } from '../shelf/stores-on-disk';
import { useVsCode } from './fixture';
import { shelfSteps } from './shelf-steps';
import { typeDot, unfinished, untilLogged } from './steps';

const fixture = useVsCode(
  {
    'workbench.colorTheme': 'Default Dark Modern',
    'workbench.activityBar.location': 'hidden',
    'editor.fontSize': 16,
  },
  {
    environment: folder => {
      const home = join(folder, 'home');
      addToOllama(
        join(home, '.ollama/models'),
        'registry.ollama.ai/ada/tiny-coder/latest',
        readFileSync(starterGguf),
      );
      const encoder = { 'config.json': '{"model_type": "bert"}', 'model.safetensors': 'weights' };
      addToHub(join(home, '.cache/huggingface/hub'), 'ada/encoder', encoder);
      return { HOME: home, USERPROFILE: home, HF_HOME: '', XDG_CACHE_HOME: '', OLLAMA_MODELS: '' };
    },
  },
);
const { openShelf, rows } = shelfSteps(fixture);

it('takes the picture of ghost text', async () => {
  const { vsCode, copyExamples } = fixture();
  await vsCode.page.setViewportSize({ width: 1000, height: 560 });
  await vsCode.press('ControlOrMeta+b');
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, unfinished);
  await vsCode.type('.');
  expect(await vsCode.waitForGhostText()).not.toBe('');
  await vsCode.screenshot(join(__dirname, '../../media/ghost-text.png'));
});

/** Takes a picture for the documents. */
const take = (name: string) =>
  fixture().vsCode.screenshot(join(__dirname, '../../docs/pictures', `${name}.png`));

it('takes the pictures of the first minutes', async () => {
  const { vsCode, copyExamples, setSettings } = fixture();
  const { page } = vsCode;
  await setSettings({ 'sotto.copies': true });
  await page.setViewportSize({ width: 1000, height: 640 });
  await vsCode.runCommand('Sotto: Try It');
  expect(await vsCode.waitForGhostText()).not.toBe('');
  await take('try-it');
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, unfinished);
  await page.locator('[id*="sotto.status"] a').first().click();
  await page.locator('.quick-input-widget .monaco-list-row').first().waitFor();
  await take('menu');
  await vsCode.press('Escape');
  await page.locator('[id*="status.languageStatus"] a').first().click();
  await page.locator('.hover-language-status', { hasText: 'Sotto' }).waitFor();
  await take('language-status');
  await vsCode.press('Escape');
});

it.each([
  { theme: 'Dark Modern', name: 'dark', steps: ['try-it', 'keys', 'model', 'eagerness', 'privacy'] },
  { theme: 'Light Modern', name: 'light', steps: ['try-it', 'keys'] },
  { theme: 'Dark High Contrast', name: 'high-contrast', steps: ['try-it', 'keys'] },
])('takes the pictures of the walkthrough in $theme', async ({ theme, name, steps }) => {
  const { vsCode } = fixture();
  const { page } = vsCode;
  await page.setViewportSize({ width: 1100, height: 700 });
  await vsCode.runCommand('Preferences: Color Theme');
  await vsCode.type(theme);
  await page.locator('.quick-input-widget .monaco-list-row').first().waitFor();
  await vsCode.press('Enter');
  await vsCode.runCommand('Sotto: Get Started');
  for (const [index, step] of steps.entries()) {
    await page.locator('.getting-started-step').nth(index).click();
    // The picture of the step before stays until this one's is drawn, and nothing on the page says which it is.
    await page.waitForTimeout(1_500);
    await take(`walkthrough-${step}-${name}`);
  }
});

it('takes the picture of the shelf', async () => {
  const { vsCode } = fixture();
  await vsCode.page.setViewportSize({ width: 1000, height: 560 });
  // After an answer of some length, speeds are known.
  await typeDot(fixture());
  await untilLogged(fixture(), /characters from the model/);
  await openShelf('');
  await rows('tiny-coder').filter({ hasText: 'fills in the middle' }).waitFor();
  // Otherwise the list shows a hint for the place where the mouse was.
  await vsCode.page.mouse.move(600, 500);
  await vsCode.page.locator('.workbench-hover:visible').first().waitFor({ state: 'hidden' });
  await vsCode.screenshot(join(__dirname, '../../media/model-shelf.png'));
});
