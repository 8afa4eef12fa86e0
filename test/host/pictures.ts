/** Takes the pictures in media/ of the packed extension in a real VS Code. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ggufOfStarter } from '../checkpoint/gguf-of-starter';
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
  folder => {
    const home = join(folder, 'home');
    addToOllama(join(home, '.ollama/models'), 'registry.ollama.ai/ada/tiny-coder/latest', ggufOfStarter());
    const encoder = { 'config.json': '{"model_type": "bert"}', 'model.safetensors': 'weights' };
    addToHub(join(home, '.cache/huggingface/hub'), 'ada/encoder', encoder);
    return { HOME: home, USERPROFILE: home, HF_HOME: '', XDG_CACHE_HOME: '', OLLAMA_MODELS: '' };
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
  await vsCode.screenshot(join(__dirname, '../../media/model-shelf.png'));
});
