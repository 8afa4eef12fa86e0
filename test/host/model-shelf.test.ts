/** The shelf in a real VS Code: models of other programs in a temporary home, and downloads from a hub of our own. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { starterGguf } from '../checkpoint/starter';
import { startHub, type TestHub } from '../shelf/hub-server';
import { selfSigned } from '../shelf/self-signed';
import { addToHub, addToOllama } from '../shelf/stores-on-disk';
import { removeFolder } from '../temporary-folder';
import { useVsCode } from './fixture';
import { shelfSteps } from './shelf-steps';
import { typeDot, untilNotified } from './steps';
import { until } from './until';

const gguf = readFileSync(starterGguf);
const repository = 'ada/tiny-GGUF';

const fixture = useVsCode(
  {},
  {
    environment: folder => {
      const home = join(folder, 'home');
      addToOllama(join(home, '.ollama/models'), 'registry.ollama.ai/library/tiny-coder/latest', gguf);
      const encoder = { 'config.json': '{"model_type": "bert"}', 'model.safetensors': 'weights' };
      addToHub(join(home, '.cache/huggingface/hub'), 'ada/encoder', encoder);
      // VS Code would take an empty XDG_CACHE_HOME for the folder of the project.
      const cache = join(home, '.cache');
      return { HOME: home, USERPROFILE: home, HF_HOME: '', XDG_CACHE_HOME: cache, OLLAMA_MODELS: '' };
    },
  },
);

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ [repository]: { 'tiny.gguf': gguf } });
});
afterAll(() => hub.stop());

const { answer, button, nameRepository, openShelf, narrow, rows, statusSays } = shelfSteps(fixture);
const folder = () => join(fixture().globalStorage, 'models', repository);
const left = () => (existsSync(folder()) ? readdirSync(folder()).sort() : []);

/** Asks for the repository and agrees to the download. */
async function download(): Promise<void> {
  await nameRepository(`${repository}/tiny.gguf`);
  await button('Download').click();
}

/** Back to the bundled model, and no downloads. */
async function clear(): Promise<void> {
  await fixture().vsCode.page.locator('.statusbar-item[id*="sotto.status"] a').click();
  await rows('Use the bundled model').click();
  await statusSays('Ready, with the ');
}

it('shows the box, the models of Ollama and of Hugging Face, and a catalogue, and asks the network for nothing', async () => {
  await fixture().setSettings({ 'sotto.hub': hub.address });
  await openShelf('');
  await rows('sotto-starter').filter({ hasText: 'fills in the middle' }).waitFor();
  await narrow('tiny-coder');
  await rows('tiny-coder:latest').filter({ hasText: 'context of 1,024 tokens · llama' }).waitFor();
  expect(await rows('tiny-coder:latest').textContent()).toContain('Ollama');
  await narrow('ada/encoder');
  await rows('ada/encoder').filter({ hasText: 'cannot run: model_type: found "bert", an encoder' }).waitFor();
  await narrow('StarCoder2');
  expect(await rows('StarCoder2 3B').textContent()).toContain('BigCode OpenRAIL-M (some uses are excluded)');
  await fixture().vsCode.press('Escape');
  expect(hub.requests).toEqual([]);
});

it("suggests from Ollama's own file when it is chosen, and names it as Ollama does", async () => {
  await openShelf('tiny-coder');
  await rows('tiny-coder:latest').click();
  await statusSays('Ready, with tiny-coder:latest.');
  expect(await typeDot(fixture())).not.toBe('');
  await clear();
});

it('says why a model cannot run when it is chosen', async () => {
  await openShelf('ada/encoder');
  await rows('ada/encoder').filter({ hasText: 'cannot run' }).click();
  await untilNotified(fixture(), 'Sotto cannot run ada/encoder: model_type: found "bert"');
});

it('downloads from the hub of the setting with progress, stops when it is cancelled, resumes, and uses the model', async () => {
  const { vsCode, setSettings } = fixture();
  await setSettings({ 'sotto.hub': hub.address });
  hub.faults = () => ({ slowMs: 40 });
  await download();
  await until('a percentage in the status bar', async () =>
    /^[1-9]\d? %$/.test((await vsCode.statusBarText('sotto.download')) ?? ''),
  );
  const message = await untilNotified(fixture(), 'Sotto: downloading tiny.gguf');
  expect(message).toMatch(/\d+ %, [\d.]+ (MB|kB) of [\d.]+ MB/);
  await until('a time left', async () =>
    (await vsCode.notifications()).some(text => /MB\/s, \d+:\d\d left/.test(text)),
  );
  await vsCode.page.locator('.notification-list-item', { hasText: 'downloading' }).hover();
  await button('Cancel').click();
  await until('the end of the download', async () => left().join() === 'tiny.gguf.part,tiny.gguf.part.json');
  hub.faults = () => undefined;
  const before = hub.requests.length;
  await openShelf('tiny.gguf');
  await rows('choose it to resume').click();
  await statusSays('Ready, with tiny.gguf.');
  expect(hub.requests.slice(before).some(({ range }) => /^bytes=[1-9]/.test(range ?? ''))).toBe(true);
  expect(readFileSync(join(folder(), 'tiny.gguf')).equals(gguf)).toBe(true);
  expect(left()).toEqual(['tiny.gguf']);
});

it('removes a downloaded model, and the bundled one takes its place', async () => {
  await openShelf('tiny.gguf');
  await rows(repository).click();
  await statusSays('Ready, with tiny.gguf.');
  await openShelf('tiny.gguf');
  await rows(repository).hover();
  await rows(repository).getByRole('button', { name: 'Remove From This Machine' }).click();
  await button('Remove').click();
  await statusSays('Ready, with the ');
  await until('no file', async () => left().length === 0);
  await fixture().vsCode.press('Escape');
});

it('refuses bytes that are not those of the hub, and leaves none of them', async () => {
  await fixture().setSettings({ 'sotto.hub': hub.address });
  hub.faults = () => ({ flipAt: 1_000_000 });
  await download();
  await untilNotified(
    fixture(),
    'tiny.gguf: the bytes that came are not those that the hub names (SHA-256 differs)',
  );
  expect(left()).toEqual([]);
  hub.faults = () => undefined;
});

it('says before the download that the disk has too little room', async () => {
  await fixture().setSettings({ 'sotto.hub': hub.address });
  hub.sizes.set('tiny.gguf', 1e15);
  await download();
  await untilNotified(fixture(), 'GB free, and 2000000.20 GB are needed');
  hub.sizes.clear();
  expect(left()).toEqual([]);
});

it('refuses a certificate that nobody has signed, and names the setting of VS Code', async () => {
  const secureHub = await startHub({ [repository]: { 'tiny.gguf': gguf } }, selfSigned());
  await fixture().setSettings({ 'sotto.hub': secureHub.address });
  await nameRepository(repository);
  await untilNotified(
    fixture(),
    "its certificate is not trusted (self-signed certificate; see VS Code's setting",
  );
  expect(secureHub.requests).toEqual([]);
  await secureHub.stop();
});

it('asks for a token where the hub wants one, and sends it', async () => {
  await fixture().setSettings({ 'sotto.hub': hub.address });
  hub.gated.set(repository, 'hf_of-ada');
  await nameRepository(`${repository}/tiny.gguf`);
  await untilNotified(fixture(), 'asks for an access token');
  await button('Enter Token…').click();
  await answer('secret storage', 'hf_of-ada');
  await button('Download').click();
  await statusSays('Ready, with tiny.gguf.');
  hub.gated.clear();
  await openShelf('Forget');
  await rows('Forget the token of').click();
  await clear();
});

it('offers to resume a download during which the extension host was killed', async () => {
  await fixture().setSettings({ 'sotto.hub': hub.address });
  removeFolder(folder());
  hub.faults = () => ({ stopsAt: 3_000_000 });
  await download();
  await until('a part', async () => partBytes() === 3_000_000);
  const [, extensionHost] = readFileSync(join(folder(), 'tiny.gguf.part.lock'), 'utf8').split('-');
  process.kill(Number(extensionHost), 'SIGKILL');
  hub.faults = () => undefined;
  await untilNotified(fixture(), 'the download of tiny.gguf was interrupted at');
  expect(left()).toContain('tiny.gguf.part');
  await button('Resume').click();
  await statusSays('Ready, with tiny.gguf.');
  expect(hub.requests.some(({ range }) => range === 'bytes=3000000-')).toBe(true);
  await clear();
});

function partBytes(): number {
  return statSync(join(folder(), 'tiny.gguf.part'), { throwIfNoEntry: false })?.size ?? 0;
}
