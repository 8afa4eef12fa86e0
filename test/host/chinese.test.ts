/** A real VS Code in Chinese: the texts of the manifest, of the editor's folder, and of folders that do not know VS Code. */
import { expect, it } from 'vitest';
import { useVsCode } from './fixture';
import { unfinished } from './steps';
import { until } from './until';

const fixture = useVsCode({}, { language: 'zh-cn' });

async function untilStatusSays(words: string): Promise<void> {
  await until(`'${words}' in the status bar`, async () =>
    (await fixture().vsCode.statusBarLabel('sotto.status'))?.includes(words),
  );
}

it('a command of the palette opens the walkthrough, both in Chinese', async () => {
  const { vsCode } = fixture();
  const { page } = vsCode;
  await vsCode.runCommand('Sotto: 快速入门');
  await page.getByText('Sotto 准备了一个示例文件').first().waitFor();
  await page.getByText('哪些内容留在本机').first().click();
  await page
    .frameLocator('iframe.webview')
    .frameLocator('#active-frame')
    .getByText('从不读取')
    .first()
    .waitFor();
});

it('the status bar and its menu are in Chinese', async () => {
  const { vsCode, copyExamples } = fixture();
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, unfinished);
  await untilStatusSays('就绪');
  await vsCode.page.locator('[id*="sotto.status"] a').first().click();
  const entries = vsCode.page.locator('.quick-input-widget .monaco-list-row .label-name');
  await entries.filter({ hasText: '从所选内容处续写' }).first().waitFor();
});

it('the reason of a silence is in Chinese', async () => {
  const { vsCode, writeFile } = fixture();
  writeFile('secrets/.dev.vars', 'A=1\n');
  await vsCode.openFile('secrets/.dev.vars', { line: 1, column: 4 });
  await untilStatusSays(
    '键入时在 secrets/.dev.vars 中不给出建议：这种名称或语言的文件可能含有机密，因此不给出建议。',
  );
});

it('a wrong setting is named in Chinese', async () => {
  await fixture().setSettings({ 'sotto.debounce': 'soon' });
  await untilStatusSays('设置 sotto.debounce：当前值为 "soon"，应为 0 到 2000');
});

it('the page of the last requests is in Chinese', async () => {
  const { vsCode, copyExamples } = fixture();
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, unfinished);
  await vsCode.type('.');
  expect(await vsCode.waitForGhostText()).not.toBe('');
  await vsCode.runCommand('Sotto: 解释上一次请求');
  await until('the page', async () => (await vsCode.visibleText()).includes('最近的请求，最新的在最前'));
});

it('the page of the statistics is in Chinese', async () => {
  const { page } = fixture().vsCode;
  await fixture().vsCode.runCommand('Sotto: 显示统计');
  const frame = page.frameLocator('iframe.webview').frameLocator('#active-frame');
  await frame.getByRole('heading', { name: 'Sotto 统计' }).waitFor();
});
