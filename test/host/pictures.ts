/** Takes the pictures in media/ and docs/pictures/ of the packed extension in a real VS Code. */
import { expect, it } from 'vitest';
import { moveMouseAway, takePicture, takeWalkthrough, useVsCodeForPictures } from './picture-steps';
import { shelfSteps } from './shelf-steps';
import { typeDot, unfinished, untilLogged } from './steps';

const fixture = useVsCodeForPictures();
const { openShelf, rows } = shelfSteps(fixture);

it('takes the picture of ghost text', async () => {
  const { vsCode, copyExamples } = fixture();
  await vsCode.page.setViewportSize({ width: 1000, height: 560 });
  await vsCode.press('ControlOrMeta+b');
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, unfinished);
  await vsCode.type('.');
  expect(await vsCode.waitForGhostText()).not.toBe('');
  await takePicture(fixture(), 'media/ghost-text.png');
});

it('takes the pictures of the first minutes', async () => {
  const { vsCode, copyExamples, setSettings } = fixture();
  const { page } = vsCode;
  await setSettings({ 'sotto.copies': true });
  await page.setViewportSize({ width: 1000, height: 640 });
  await vsCode.runCommand('Sotto: Try It');
  expect(await vsCode.waitForGhostText()).not.toBe('');
  await takePicture(fixture(), 'docs/pictures/try-it.png');
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, unfinished);
  await page.locator('[id*="sotto.status"] a').first().click();
  await page.locator('.quick-input-widget .monaco-list-row').first().waitFor();
  await takePicture(fixture(), 'docs/pictures/menu.png');
  await vsCode.press('Escape');
  await page.locator('[id*="status.languageStatus"] a').first().click();
  await page.locator('.hover-language-status', { hasText: 'Sotto' }).waitFor();
  await takePicture(fixture(), 'docs/pictures/language-status.png');
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
  await takeWalkthrough(fixture(), steps, step => `docs/pictures/walkthrough-${step}-${name}.png`);
});

it('takes the picture of the shelf', async () => {
  await fixture().vsCode.page.setViewportSize({ width: 1000, height: 560 });
  // After an answer of some length, speeds are known.
  await typeDot(fixture());
  await untilLogged(fixture(), /characters from the model/);
  await openShelf('');
  await rows('tiny-coder').filter({ hasText: 'fills in the middle' }).waitFor();
  await moveMouseAway(fixture());
  await takePicture(fixture(), 'media/model-shelf.png');
});
