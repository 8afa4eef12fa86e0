/** Downloads in a real VS Code whose user has a proxy, and a hub with a certificate of its own. */
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { starterGguf } from '../checkpoint/starter';
import { startHub, type TestHub } from '../shelf/hub-server';
import { selfSigned } from '../shelf/self-signed';
import { useVsCode } from './fixture';
import { shelfSteps } from './shelf-steps';
import { until } from './until';

const repository = 'ada/tiny-GGUF';
/** Nobody can resolve it, so only a proxy can lead there. */
const hubHost = 'hub.invalid';

const seen: string[] = [];
/**
 * A proxy is asked for whole addresses. This one leads `hub.invalid` to our hub. VS Code's own extensions ask it for other
 * hosts; nothing leaves this machine.
 */
const proxy = createServer((asked, answer) => {
  const { pathname, search, host } = new URL(asked.url ?? '');
  const { hostname, port } = new URL(host === hubHost ? hub.address : `http://${host}`);
  if (hostname !== '127.0.0.1') return void answer.writeHead(502).end();
  seen.push(asked.url ?? '');
  const { method, headers } = asked;
  const path = pathname + search;
  asked.pipe(
    request({ host: '127.0.0.1', port, path, method, headers }, found => {
      answer.writeHead(found.statusCode ?? 500, found.headers);
      found.pipe(answer);
    }),
  );
});
// For https it is asked for a tunnel.
proxy.on('connect', (asked, socket, head) => {
  const { port } = new URL(secureHub.address);
  if (asked.url !== `127.0.0.1:${port}`) return void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  const there = connect(Number(port), '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    there.write(head);
    there.pipe(socket).pipe(there);
  });
  for (const end of [there, socket]) end.on('error', () => there.destroy());
});
await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
const { port } = proxy.address() as AddressInfo;

let hub: TestHub;
let secureHub: TestHub;
beforeAll(async () => {
  const files = { [repository]: { 'tiny.gguf': readFileSync(starterGguf) } };
  hub = await startHub(files);
  secureHub = await startHub(files, selfSigned());
});
afterAll(async () => {
  await hub.stop();
  await secureHub.stop();
  proxy.closeAllConnections();
  proxy.close();
});

// VS Code reads these settings when it starts.
const fixture = useVsCode({
  'http.proxy': `http://127.0.0.1:${port}`,
  'http.noProxy': [],
  'http.proxyStrictSSL': false,
});
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

it("accepts a certificate that nobody has signed if VS Code's setting does", async () => {
  await fixture().setSettings({ 'sotto.hub': secureHub.address });
  await nameRepository(`${repository}/tiny.gguf`);
  await button('Download').waitFor();
  expect(secureHub.requests.map(({ url }) => url)).toEqual([
    `/api/models/${repository}/tree/main?recursive=true`,
  ]);
  await fixture().vsCode.press('Escape');
});
