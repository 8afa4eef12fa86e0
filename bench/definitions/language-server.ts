/** TypeScript's own language server over stdio, for a benchmark that asks it for definitions. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { upperCaseDrive } from '../../src/common/microsoft-windows-files';

/** Lines of a file. The first line is 0. */
export interface Place {
  readonly path: string;
  readonly firstLine: number;
  readonly lastLine: number;
}

export interface LanguageServer {
  /** While `ask` runs, the server sees `text` in place of the file's own text, as from an editor. */
  withText<Result>(path: string, text: string, ask: (asker: Asker) => Promise<Result>): Promise<Result>;
  /** Resolves when the process has ended. Before that, Windows cannot remove the folder that the process runs in. */
  stop(): Promise<void>;
}

export interface Asker {
  /**
   * @param offset characters before a name
   * @returns where the name is defined, then where its type is defined
   */
  definitions(offset: number): Promise<readonly Place[]>;
}

const kinds = ['definition', 'typeDefinition'] as const;

/** @param root the folder of a project, absolute */
export async function startLanguageServer(root: string): Promise<LanguageServer> {
  const { request, notify, stop } = connect(root);
  const rootUri = pathToFileURL(root).href;
  const links = { linkSupport: true };
  await request('initialize', {
    processId: process.pid,
    rootUri,
    workspaceFolders: [{ uri: rootUri, name: 'project' }],
    capabilities: { textDocument: { definition: links, typeDefinition: links } },
  });
  notify('initialized', {});
  return {
    async withText(path, text, ask) {
      const textDocument = { uri: pathToFileURL(join(root, path)).href };
      notify('textDocument/didOpen', {
        textDocument: { ...textDocument, languageId: 'typescript', version: 1, text },
      });
      try {
        return await ask({
          async definitions(offset) {
            const position = positionAt(text, offset);
            const answers = await Promise.all(
              kinds.map(kind => request(`textDocument/${kind}`, { textDocument, position })),
            );
            return answers.flatMap(readPlaces);
          },
        });
      } finally {
        notify('textDocument/didClose', { textDocument });
      }
    },
    stop,
  };
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
}

function connect(root: string) {
  const tsc = join(process.cwd(), 'node_modules/typescript/bin/tsc');
  const child = spawn(process.execPath, [tsc, '--lsp', '--stdio'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const { stdin, stdout } = child;
  const exit = once(child, 'exit');
  const waiting = new Map<number, (result: unknown) => void>();
  let unread = Buffer.alloc(0);
  let ids = 0;

  const send = (message: object) => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    stdin.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
  };
  const receive = ({ id, method, result }: Message) => {
    if (id === undefined) return;
    // The server may ask the editor something. Nothing here can answer.
    if (method !== undefined) return send({ id, result: null });
    waiting.get(id)?.(result);
    waiting.delete(id);
  };
  stdout.on('data', (data: Buffer) => {
    unread = Buffer.concat([unread, data]);
    for (;;) {
      const head = unread.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(unread.subarray(0, head).toString())?.[1]);
      if (head === -1 || unread.length < head + 4 + length) return;
      receive(JSON.parse(unread.subarray(head + 4, head + 4 + length).toString()));
      unread = unread.subarray(head + 4 + length);
    }
  });
  return {
    request: (method: string, params: object) =>
      new Promise<unknown>(resolve => {
        ids++;
        waiting.set(ids, resolve);
        send({ id: ids, method, params });
      }),
    notify: (method: string, params: object) => send({ method, params }),
    /** The server ends when its input ends. */
    stop: async () => {
      stdin.end();
      await exit;
    },
  };
}

function positionAt(text: string, offset: number) {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before.at(-1)!.length };
}

/** Leaves out errors and places that are not in a file. */
function readPlaces(answer: unknown): readonly Place[] {
  const links: readonly Link[] = Array.isArray(answer) ? answer : [];
  return links
    .filter(({ targetUri }) => targetUri.startsWith('file:'))
    .map(({ targetUri, targetRange: { start, end } }) => ({
      path: upperCaseDrive(fileURLToPath(targetUri)),
      firstLine: start.line,
      lastLine: end.line,
    }));
}

/** The fields of the protocol's LocationLink that we read. */
interface Link {
  readonly targetUri: string;
  readonly targetRange: Record<'start' | 'end', { readonly line: number }>;
}
