/** Takes the pictures in docs/pictures/zh-cn/ of the packed extension in a real VS Code in Chinese. */
import { expect, it } from 'vitest';
import { installChineseFont } from '../../scripts/install-chinese-font.mjs';
import { moveMouseAway, takePicture, takeWalkthrough, useVsCodeForPictures } from './picture-steps';
import { shelfSteps } from './shelf-steps';
import { typeDot, unfinished } from './steps';
import { until } from './until';

const fixture = useVsCodeForPictures({
  language: 'zh-cn',
  // Elsewhere the system has Chinese letters, and no fontconfig.
  browserEnvironment: async () =>
    process.platform === 'linux' ? { FONTCONFIG_FILE: await installChineseFont({ log: console.log }) } : {},
});
const { rows } = shelfSteps(fixture);

const picture = (name: string) => `docs/pictures/zh-cn/${name}.png`;

it('takes the pictures of the walkthrough', async () => {
  const { vsCode } = fixture();
  await vsCode.page.setViewportSize({ width: 1200, height: 700 });
  await vsCode.press('ControlOrMeta+b');
  await vsCode.runCommand('Sotto: 快速入门');
  const steps = ['try-it', 'keys', 'model', 'eagerness', 'privacy'];
  await takeWalkthrough(fixture(), steps, step => picture(`walkthrough-${step}`));
});

// Before the first answer: speeds, which differ from machine to machine, are not known yet.
it('takes the picture of the shelf', async () => {
  const { vsCode, copyExamples } = fixture();
  await vsCode.page.setViewportSize({ width: 1000, height: 560 });
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, unfinished);
  await vsCode.runCommand('Sotto: 选择模型…');
  await rows('tiny-coder').filter({ hasText: '支持中间填充' }).waitFor();
  await moveMouseAway(fixture());
  await takePicture(fixture(), picture('model-shelf'));
});

it('takes the pictures of the first minutes', async () => {
  const { vsCode, copyExamples, setSettings } = fixture();
  const { page } = vsCode;
  await setSettings({ 'sotto.copies': true });
  await page.setViewportSize({ width: 1000, height: 640 });
  await vsCode.runCommand('Sotto: 试一试');
  expect(await vsCode.waitForGhostText()).not.toBe('');
  await takePicture(fixture(), picture('try-it'));
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, unfinished);
  await until('an idle model', async () => (await vsCode.statusBarLabel('sotto.status'))?.includes('就绪'));
  await page.locator('[id*="sotto.status"] a').first().click();
  await page.locator('.quick-input-widget .monaco-list-row').first().waitFor();
  await takePicture(fixture(), picture('menu'));
  await vsCode.press('Escape');
});

it('takes the picture of the statistics', async () => {
  const { vsCode } = fixture();
  const { page } = vsCode;
  await page.setViewportSize({ width: 1100, height: 700 });
  for (const _ of ['one', 'two', 'three']) {
    await typeDot(fixture());
    await vsCode.press('Tab');
    await vsCode.waitForNoGhostText();
    await vsCode.editorText();
  }
  // After 30 s Sotto looks whether the accepted text is still there. An open page would not show that by itself.
  await page.waitForTimeout(31_000);
  await vsCode.runCommand('Sotto: 显示统计');
  const frame = page.frameLocator('iframe.webview').frameLocator('#active-frame');
  await frame
    .getByRole('row', { name: '今天' })
    .filter({ hasText: /100%100%/ })
    .first()
    .waitFor();
  await takePicture(fixture(), picture('statistics'));
});
