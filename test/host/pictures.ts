/** Takes media/ghost-text.png, the README's picture: the packed extension in a real VS Code, nothing arranged by hand. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { useVsCode } from './fixture';

const fixture = useVsCode({
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.activityBar.location': 'hidden',
  'editor.fontSize': 16,
});

it('takes the picture of ghost text', async () => {
  const { vsCode, copyExamples } = fixture();
  await vsCode.page.setViewportSize({ width: 1000, height: 560 });
  await vsCode.press('ControlOrMeta+b');
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, { line: 24, column: 19 });
  await vsCode.type('.');
  expect(await vsCode.waitForGhostText()).not.toBe('');
  await vsCode.screenshot(join(__dirname, '../../media/ghost-text.png'));
});
