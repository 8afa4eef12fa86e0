/**
 * A hub on this machine that speaks Hugging Face's protocol: the list of a repository's files, and their bytes behind a
 * redirect to a store at another address. It can be told to fail at any byte.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What goes wrong with one request for a file's bytes. Places are bytes of the whole file. */
export interface Fault {
  /** The connection breaks before this byte. */
  readonly cutAt?: number;
  /** One bit of this byte is wrong. */
  readonly flipAt?: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The whole file comes although a part was asked for. */
  readonly ignoresRange?: boolean;
  /** Another part than the one that was asked for. */
  readonly shiftsRangeBy?: number;
  /** Bytes behind the end of the file. */
  readonly extraBytes?: number;
  /** Waits after this byte until the client goes away. */
  readonly stopsAt?: number;
  /** Milliseconds after each 64 KB. */
  readonly slowMs?: number;
}

export interface SeenRequest {
  readonly url: string;
  readonly host: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

export interface TestHub {
  readonly address: string;
  /** All requests so far, those of the store too. */
  readonly requests: readonly SeenRequest[];
  /** Called for each request of bytes, counted from 1. */
  faults: (count: number) => Fault | undefined;
  /** `OWNER/NAME` -> path -> content. Can be changed while it runs. */
  readonly repositories: Map<string, Map<string, Uint8Array>>;
  /** Repositories that ask for this token. */
  readonly gated: Map<string, string>;
  /** Sizes that the list has wrong, by path. */
  readonly sizes: Map<string, number>;
  /** Answers every list with this status. */
  listStatus: number | undefined;
  stop(): Promise<void>;
}

/** Files from this size on are in large file storage: they have a SHA-256, and a redirect leads to the store. */
const largeBytes = 200;
/** Entries on a page of the list. */
const pageLength = 3;

/** @param tls hub and store speak https with this certificate */
export async function startHub(
  files: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>> = {},
  tls?: { readonly key: string; readonly cert: string },
): Promise<TestHub> {
  const requests: SeenRequest[] = [];
  let bytesAsked = 0;
  const repositories = new Map(
    Object.entries(files).map(([name, content]) => [name, new Map(Object.entries(content))]),
  );
  const see = ({ url = '', headers }: IncomingMessage) =>
    requests.push({
      url,
      host: headers.host ?? '',
      range: headers.range,
      authorization: headers.authorization,
    });
  const store = await listen(async (request, response) => {
    see(request);
    const [, owner, name, ...path] = decodeURI(request.url ?? '').split('/');
    const content = repositories.get(`${owner}/${name}`)?.get(path.join('/'));
    if (content === undefined) return end(response, 404);
    await sendBytes(request, response, content, hub.faults(++bytesAsked) ?? {});
  }, tls);
  const front = await listen((request, response) => {
    see(request);
    const url = new URL(request.url ?? '', hub.address);
    const list = /^\/api\/models\/([^/]+\/[^/]+)\/tree\/main$/.exec(url.pathname);
    const file = /^\/([^/]+\/[^/]+)\/resolve\/main\/(.+)$/.exec(decodeURI(url.pathname));
    const repository = list?.[1] ?? file?.[1] ?? '';
    const token = hub.gated.get(repository);
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) return end(response, 401);
    const content = repositories.get(repository);
    if (content === undefined) return end(response, 404);
    if (list !== null) return sendList(response, url, content);
    const bytes = content.get(file?.[2] ?? '');
    if (bytes === undefined) return end(response, 404);
    if (bytes.length < largeBytes) return end(response, 200, { ETag: `"${gitHash(bytes)}"` }, bytes);
    const location = `${store.address}/${repository}/${encodeURI(file![2]!)}`;
    end(response, 302, { Location: location, 'X-Linked-Etag': `"${sha256(bytes)}"` });
  }, tls);
  const sendList = (response: ServerResponse, url: URL, content: ReadonlyMap<string, Uint8Array>) => {
    if (hub.listStatus !== undefined) return end(response, hub.listStatus);
    const entries = [...content].map(([path, bytes]) => entryOf(path, bytes, hub.sizes.get(path)));
    const start = Number(url.searchParams.get('cursor') ?? 0);
    const isLast = start + pageLength >= entries.length;
    const next = `${hub.address}${url.pathname}?recursive=true&cursor=${start + pageLength}`;
    const page = JSON.stringify(entries.slice(start, start + pageLength));
    end(response, 200, isLast ? {} : { Link: `<${next}>; rel="next"` }, new TextEncoder().encode(page));
  };
  const hub: TestHub = {
    address: front.address,
    requests,
    faults: () => undefined,
    repositories,
    gated: new Map(),
    sizes: new Map(),
    listStatus: undefined,
    async stop() {
      await Promise.all([store, front].map(({ server }) => close(server)));
    },
  };
  return hub;
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const gitHash = (bytes: Uint8Array) =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

/** An entry of a repository's list, as the hub writes it. */
function entryOf(path: string, bytes: Uint8Array, size = bytes.length): object {
  const lfs = { oid: sha256(bytes), size, pointerSize: 134 };
  const isLarge = bytes.length >= largeBytes;
  return {
    type: 'file',
    path,
    size,
    oid: isLarge ? '0'.repeat(40) : gitHash(bytes),
    ...(isLarge && { lfs }),
  };
}

async function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  content: Uint8Array,
  fault: Fault,
): Promise<void> {
  if (fault.status !== undefined) return end(response, fault.status, fault.headers ?? {});
  const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
  const start = asked === undefined || fault.ignoresRange ? 0 : Number(asked) + (fault.shiftsRangeBy ?? 0);
  if (start >= content.length && content.length > 0) return end(response, 416);
  const bytes = Buffer.concat([content, Buffer.alloc(fault.extraBytes ?? 0)]);
  if (fault.flipAt !== undefined) bytes[fault.flipAt]! ^= 1;
  const isPart = asked !== undefined && !fault.ignoresRange;
  response.writeHead(isPart ? 206 : 200, {
    'Content-Length': bytes.length - start,
    ...(isPart && { 'Content-Range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
  });
  const stop = Math.max(start, Math.min(fault.cutAt ?? fault.stopsAt ?? bytes.length, bytes.length));
  for (let at = start; at < stop && !response.destroyed; at += 1 << 16) {
    await new Promise(resolve => response.write(bytes.subarray(at, Math.min(stop, at + (1 << 16))), resolve));
    if (fault.slowMs !== undefined) await new Promise(resolve => setTimeout(resolve, fault.slowMs));
  }
  if (fault.cutAt !== undefined) response.destroy();
  else if (fault.stopsAt === undefined) response.end();
}

function end(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body?: Uint8Array,
): void {
  response.writeHead(status, headers);
  response.end(body);
}

async function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
  tls: Parameters<typeof startHub>[1],
): Promise<{ readonly server: Server; readonly address: string }> {
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    response.on('error', () => undefined);
    void answer(request, response);
  };
  const server = tls === undefined ? createServer(onRequest) : createSecureServer(tls, onRequest);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const scheme = tls === undefined ? 'http' : 'https';
  return { server, address: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise(resolve => server.close(() => resolve()));
}
