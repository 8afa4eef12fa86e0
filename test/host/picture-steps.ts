/** What the pictures of every language share: the VS Code in them, with a model in Ollama and one that cannot run. */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { starterGguf } from '../checkpoint/starter';
import { addToHub, addToOllama } from '../shelf/stores-on-disk';
import { type Fixture, useVsCode, type VsCodeOptions } from './fixture';

/** Call this at the top of a file, as `useVsCode`. */
export function useVsCodeForPictures(options: VsCodeOptions = {}): () => Fixture {
  const settings = {
    'workbench.colorTheme': 'Default Dark Modern',
    'workbench.activityBar.location': 'hidden',
    'editor.fontSize': 16,
    'editor.fontFamily': "'DejaVu Sans Mono', Menlo, Consolas, monospace",
    // Otherwise the walkthrough ends with a remark of VS Code's server about its own telemetry.
    'telemetry.telemetryLevel': 'off',
  };
  return useVsCode(settings, { ...options, environment: homeWithModels });
}

/** Takes a picture. @param path in the project, such as `media/ghost-text.png` */
export async function takePicture({ vsCode }: Fixture, path: string): Promise<void> {
  const file = join(__dirname, '../..', path);
  mkdirSync(dirname(file), { recursive: true });
  await vsCode.screenshot(file);
}

/** Takes a picture of each of these steps of the walkthrough that is open. @param path gives that of a step's picture */
export async function takeWalkthrough(
  fixture: Fixture,
  steps: readonly string[],
  path: (step: string) => string,
): Promise<void> {
  const { page } = fixture.vsCode;
  for (const [index, step] of steps.entries()) {
    await page.locator('.getting-started-step').nth(index).click();
    // The picture of the step before stays until this one's is drawn, and nothing on the page says which it is.
    await page.waitForTimeout(1_500);
    await takePicture(fixture, path(step));
  }
}

/** Moves the mouse away from a list, which otherwise shows a hint for the place where the mouse was. */
export async function moveMouseAway({ vsCode: { page } }: Fixture): Promise<void> {
  await page.mouse.move(600, 500);
  await page.locator('.workbench-hover:visible').first().waitFor({ state: 'hidden' });
}

function homeWithModels(folder: string): NodeJS.ProcessEnv {
  const home = join(folder, 'home');
  addToOllama(
    join(home, '.ollama/models'),
    'registry.ollama.ai/ada/tiny-coder/latest',
    readFileSync(starterGguf),
  );
  const encoder = { 'config.json': '{"model_type": "bert"}', 'model.safetensors': 'weights' };
  addToHub(join(home, '.cache/huggingface/hub'), 'ada/encoder', encoder);
  // VS Code would take an empty XDG_CACHE_HOME for the folder of the project.
  const cache = join(home, '.cache');
  return { HOME: home, USERPROFILE: home, HF_HOME: '', XDG_CACHE_HOME: cache, OLLAMA_MODELS: '' };
}
