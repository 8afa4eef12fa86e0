/** Takes media/ghost-text.png, the README's picture, of the packed extension in a real VS Code. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { useVsCode } from './fixture';
import { unfinished } from './steps';

const fixture = useVsCode({
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.activityBar.location': 'hidden',
  'editor.fontSize': 16,
});

it('takes the picture of ghost text', async () => {
  const { vsCode, copyExamples } = fixture();
  await vsCode.page.setViewportSize({ width: 1000, height: 560 });
  await vsCode.press('ControlOrMeta+b');
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, unfinished);
  await vsCode.type('.');
  expect(await vsCode.waitForGhostText()).not.toBe('');
  await vsCode.screenshot(join(__dirname, '../../media/ghost-text.png'));
});
