/** Downloads in a real VS Code whose user has a proxy. VS Code reads that setting when it starts. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ggufOfStarter } from '../checkpoint/gguf-of-starter';
import { startHub, type TestHub } from '../shelf/hub-server';
import { useVsCode } from './fixture';
import { shelfSteps } from './shelf-steps';
import { until } from './until';

const repository = 'ada/tiny-GGUF';
/** Nobody can resolve it, so only a proxy can lead there. */
const hubHost = 'hub.invalid';

const seen: string[] = [];
/** A proxy is asked for whole addresses. This one leads `hub.invalid` to our hub. */
const proxy = createServer((asked, answer) => {
  seen.push(asked.url ?? '');
  const { pathname, search, host } = new URL(asked.url ?? '');
  const { port } = new URL(host === hubHost ? hub.address : `http://${host}`);
  const { method, headers } = asked;
  const path = pathname + search;
  asked.pipe(
    request({ host: '127.0.0.1', port, path, method, headers }, found => {
      answer.writeHead(found.statusCode ?? 500, found.headers);
      found.pipe(answer);
    }),
  );
});
await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
const { port } = proxy.address() as AddressInfo;

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ [repository]: { 'tiny.gguf': ggufOfStarter() } });
});
afterAll(async () => {
  await hub.stop();
  proxy.closeAllConnections();
  proxy.close();
});

const fixture = useVsCode({ 'http.proxy': `http://127.0.0.1:${port}` });
const { button, nameRepository, statusSays } = shelfSteps(fixture);

it("asks through VS Code's proxy, for the list and for the bytes", async () => {
  await fixture().setSettings({ 'sotto.hub': `http://${hubHost}` });
  await nameRepository(`${repository}/tiny.gguf`);
  await until('a question of the proxy', async () => seen.length > 0);
  expect(seen[0]).toBe(`http://${hubHost}/api/models/${repository}/tree/main?recursive=true`);
  await button('Download').click();
  await statusSays('Ready, with tiny.gguf.');
  expect(seen).toContain(`http://${hubHost}/${repository}/resolve/main/tiny.gguf`);
});
