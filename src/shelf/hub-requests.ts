/**
 * Requests to a hub that speaks Hugging Face's protocol. This is the only file of Sotto that opens a connection, and it is
 * called only after the user asked for that very download or list (`test/shelf/no-network.test.ts`).
 *
 * Node's own modules are imported without `node:`. In the extension host, VS Code replaces exactly the modules `http` and
 * `https` by its own, which know the user's proxy and certificates (`http.proxy`, `http.proxyStrictSSL`).
 */
import * as l10n from '@vscode/l10n';
// biome-ignore lint/style/useNodejsImportProtocol: VS Code replaces the module of this name only
import http, { type IncomingMessage } from 'http';
// biome-ignore lint/style/useNodejsImportProtocol: VS Code replaces the module of this name only
import https from 'https';

export interface Hub {
  /** Its address without a slash at the end, such as `https://huggingface.co`. */
  readonly address: string;
  /**
   * The user's access token. It is sent to this address only, never to one that the hub leads to, and never over a line
   * that others can read.
   */
  readonly token?: string | undefined;
  /** The user has turned off VS Code's setting `http.proxyStrictSSL`, because a proxy signs with its own certificate. */
  readonly acceptsAnyCertificate?: boolean;
}

export interface HubAnswer {
  readonly status: number;
  /** Of the last answer. */
  readonly headers: IncomingMessage['headers'];
  /** The SHA-256 of the whole file, if the hub names it on the way to the file. */
  readonly sha256?: string | undefined;
  readonly body: IncomingMessage;
}

/** Why a request failed. `kind` says what the user can do; `again`: another try may help by itself. */
export class HubError extends Error {
  override readonly name = 'HubError';

  constructor(
    message: string,
    readonly kind: 'again' | 'token' | 'missing' | 'refused',
    /** Milliseconds that the hub asks us to wait. */
    readonly retryAfterMs = 0,
  ) {
    super(message);
  }
}

/** The hub leads to a store of files, often over two addresses. */
const maxRedirects = 8;
/** A connection that sends nothing for this long is dead. */
const maxSilenceMs = 30_000;

/**
 * @param path behind the hub's address, percent-encoded
 * @param headers such as `Range`
 * @returns an answer with a status below 300, or 416; its body must be read or destroyed
 * @throws HubError for every other status, and for a connection that fails
 */
export async function askHub(
  hub: Hub,
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<HubAnswer> {
  const start = new URL(hub.address + path);
  let url = start;
  let sha256: string | undefined;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const isHub = url.origin === start.origin;
    const authorization =
      isHub && mayHaveToken(url) && hub.token ? { Authorization: `Bearer ${hub.token}` } : {};
    const options = {
      headers: { 'User-Agent': 'sotto', ...headers, ...authorization },
      rejectUnauthorized: !hub.acceptsAnyCertificate,
      signal,
    };
    const answer = await send(url, options);
    const status = answer.statusCode ?? 0;
    sha256 ??= sha256Of(answer.headers['x-linked-etag']);
    if (status < 300 || status === 416) return { status, headers: answer.headers, sha256, body: answer };
    const { location } = answer.headers;
    answer.destroy();
    if (status >= 400 || location === undefined) throw refusal(status, url, answer.headers);
    url = follow(location, url);
  }
  throw new HubError(l10n.t('{0} leads from one address to the next without end', start.host), 'refused');
}

/** The largest list of files that is read. The longest real ones have some thousand entries. */
const maxJsonBytes = 20_000_000;

/** Reads an answer as JSON. @throws HubError if it is none, or too long */
export async function readJson({ body }: HubAnswer, host: string): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > maxJsonBytes)
        throw new HubError(l10n.t('{0} sent a list of more than 20 MB', host), 'refused');
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    if (error instanceof HubError) throw error;
    if (error instanceof SyntaxError)
      throw new HubError(l10n.t('{0} did not answer with JSON; is it a hub?', host), 'refused');
    throw new HubError(l10n.t('{0}: the connection broke ({1})', host, (error as Error).message), 'again');
  }
}

function send(
  url: URL,
  options: https.RequestOptions & { readonly signal: AbortSignal },
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const module = url.protocol === 'https:' ? https : http;
    const request = module.get(url, options, answer => {
      // The silence of a body that is read counts too: `setTimeout` of a request ends with its answer.
      answer.setTimeout(maxSilenceMs, () => answer.destroy(new Error(`nothing came for ${maxSilenceMs} ms`)));
      resolve(answer);
    });
    request.setTimeout(maxSilenceMs, () => request.destroy(new Error(`nothing came for ${maxSilenceMs} ms`)));
    request.on('error', error => {
      reject(options.signal.aborted ? error : new HubError(`${url.host}: ${reasonOf(error)}`, kindOf(error)));
    });
  });
}

/** What a person can do about the commonest faults of a connection. */
function reasonOf(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return l10n.t('there is no such host, or no network (see the settings sotto.hub and http.proxy)');
    case 'ECONNREFUSED':
      return l10n.t('refuses the connection (see the settings sotto.hub and http.proxy)');
    default:
      return isCertificateFault(error)
        ? l10n.t(
            "its certificate is not trusted ({0}; see VS Code's setting http.proxyStrictSSL)",
            error.message,
          )
        : l10n.t('the connection failed ({0})', error.message);
  }
}

function kindOf(error: NodeJS.ErrnoException): HubError['kind'] {
  return isCertificateFault(error) || error.code === 'ENOTFOUND' || error.code === 'ECONNREFUSED'
    ? 'refused'
    : 'again';
}

function isCertificateFault({ code = '' }: NodeJS.ErrnoException): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code);
}

function refusal(status: number, url: URL, headers: IncomingMessage['headers']): HubError {
  const host = url.host;
  const wantsToken = status === 401 || status === 403;
  if (wantsToken && !mayHaveToken(url))
    return new HubError(
      l10n.t('{0} asks for an access token, which Sotto sends over https only', host),
      'refused',
    );
  if (wantsToken)
    return new HubError(
      l10n.t(
        '{0} asks for an access token: the model is private, or its licence must be accepted there first',
        host,
      ),
      'token',
    );
  if (status === 404) return new HubError(l10n.t('{0} has no such repository or file', host), 'missing');
  if (status === 429 || status >= 500) {
    const wait = Number(headers['retry-after'] ?? 0);
    const why =
      status === 429
        ? l10n.t('too many requests at the moment')
        : l10n.t('the hub has a fault ({0})', status);
    return new HubError(
      l10n.t('{0}: {1}; try again later', host, why),
      'again',
      Number.isFinite(wait) ? wait * 1000 : 0,
    );
  }
  return new HubError(l10n.t('{0} answered with the status {1}', host, status), 'refused');
}

/** Whether what is sent to it is encrypted, or stays on this machine. */
export function mayHaveToken({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

function follow(location: string, from: URL): URL {
  let url: URL;
  try {
    url = new URL(location, from);
  } catch {
    throw new HubError(l10n.t('{0} leads to an address that is none', from.host), 'refused');
  }
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && from.protocol === 'http:');
  if (!isSafe)
    throw new HubError(
      l10n.t('{0} leads to {1}, which is not safe', from.host, `${url.protocol}//${url.host}`),
      'refused',
    );
  return url;
}

/** An entity tag is the SHA-256 of a file in large file storage, and something shorter for others. */
function sha256Of(tag: string | readonly string[] | undefined): string | undefined {
  return /^(?:W\/)?"?([0-9a-f]{64})"?$/i.exec(String(tag ?? ''))?.[1]?.toLowerCase();
}
