/** A repository of a hub: how its name is spelled, which files it has, and which of them are a model. */
import * as l10n from '@vscode/l10n';
import { askHub, type Hub, HubError, readJson } from './hub-requests';

export interface RepositoryFile {
  /** Below the repository, with slashes. */
  readonly path: string;
  readonly bytes: number;
  /** Of the content. Large files have it. */
  readonly sha256?: string;
  /** Git's own hash of the content (SHA-1 of `blob BYTES\0` and the content). Small files have it. */
  readonly gitHash?: string;
}

/** What is downloaded together: a GGUF file, its parts, or a folder. */
export interface RepositoryModel {
  /** The file that is opened, below the repository; empty for the repository's folder. */
  readonly path: string;
  /** In the order in which they are downloaded. The one without which nothing can be opened is last. */
  readonly files: readonly RepositoryFile[];
  readonly bytes: number;
}

export interface RepositoryName {
  /** `OWNER/NAME` */
  readonly repository: string;
  /** A file that the user named. */
  readonly file?: string;
}

const owner = /^[A-Za-z0-9][\w.-]{0,95}$/;
const name = /^\w[\w.-]{0,95}$/;

/**
 * @param text what the user typed: `OWNER/NAME`, `OWNER/NAME/FILE.gguf`, or the address of either on a hub
 * @returns undefined if it is no name of a repository
 */
export function readRepositoryName(text: string): RepositoryName | undefined {
  const path = text
    .trim()
    .replace(/^https?:\/\/[^/]+\//i, '')
    .replace(/^hf\.co\//, '')
    .replace(/[?#].*$/, '')
    .replace(/\/(?:blob|resolve|tree)\/[^/]+(?=\/|$)/, '')
    .replace(/\/$/, '');
  const [first = '', second = '', ...rest] = path.split('/');
  if (!owner.test(first) || !name.test(second) || /\.\.|--/.test(first + second)) return undefined;
  const file = rest.join('/');
  if (file !== '' && !isSafePath(file)) return undefined;
  return { repository: `${first}/${second}`, ...(file !== '' && { file }) };
}

/** Whether a path from elsewhere names a file below a folder, on every platform. */
export function isSafePath(path: string): boolean {
  return path
    .split('/')
    .every(part => part.length <= 200 && /^[^\\:*?"<>|\p{Cc}]+$/u.test(part) && !/^\.+$|[. ]$/.test(part));
}

/** Pages of a list of files, at most. */
const maxPages = 20;

/**
 * Asks the hub. A file whose name could lead out of its folder is left out.
 * @throws HubError
 */
export async function listFiles(
  hub: Hub,
  repository: string,
  signal: AbortSignal,
): Promise<readonly RepositoryFile[]> {
  const files: RepositoryFile[] = [];
  const host = new URL(hub.address).host;
  let path: string | undefined = `/api/models/${repository}/tree/${revision}?recursive=true`;
  for (let page = 0; path !== undefined && page < maxPages; page++) {
    const answer = await askHub(hub, path, { Accept: 'application/json' }, signal);
    const entries = await readJson(answer, host);
    if (!Array.isArray(entries))
      throw new HubError(l10n.t('{0} sent no list of files; is it a hub?', host), 'refused');
    files.push(...entries.flatMap(readEntry));
    path = nextPage(answer.headers['link'], hub);
  }
  return files;
}

/** Where a file's bytes are, behind the hub's address. */
export function filePath(repository: string, { path }: Pick<RepositoryFile, 'path'>): string {
  return `/${repository}/resolve/${revision}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

const revision = 'main';

function readEntry(entry: unknown): readonly RepositoryFile[] {
  const { type, path, size, oid, lfs } = Object(entry);
  if (type !== 'file' || typeof path !== 'string' || !isSafePath(path)) return [];
  const bytes = Number(lfs?.size ?? size);
  if (!Number.isSafeInteger(bytes) || bytes < 0) return [];
  const sha256 = /^(?:sha256:)?([0-9a-f]{64})$/.exec(String(lfs?.oid ?? ''))?.[1];
  const gitHash = /^[0-9a-f]{40}$/.exec(String(oid ?? ''))?.[0];
  // The hash of a large file's entry is that of its pointer.
  if (lfs !== undefined && lfs !== null) return sha256 === undefined ? [] : [{ path, bytes, sha256 }];
  return [{ path, bytes, ...(gitHash !== undefined && { gitHash }) }];
}

/** The header `Link: <https://…>; rel="next"`. An address elsewhere is not followed. */
function nextPage(link: string | readonly string[] | undefined, hub: Hub): string | undefined {
  const address = /<([^>]+)>;\s*rel="?next"?/.exec(String(link ?? ''))?.[1];
  return address?.startsWith(`${hub.address}/`) ? address.slice(hub.address.length) : undefined;
}

/** The models among a repository's files, the smallest first. */
export function modelsIn(files: readonly RepositoryFile[]): readonly RepositoryModel[] {
  const ggufs = files.filter(({ path }) => /\.gguf$/i.test(path) && !/(^|[/.-])(mmproj|imatrix)/i.test(path));
  const groups = new Map<string, RepositoryFile[]>();
  for (const file of ggufs) {
    const start = file.path.replace(/-\d{5}-of-\d{5}(?=\.gguf$)/i, '');
    groups.set(start, [...(groups.get(start) ?? []), file]);
  }
  const models = [...groups.values()].map(group => {
    // The first part has the model's own metadata.
    const parts = [...group].sort((one, other) => (one.path < other.path ? 1 : -1));
    return modelOf(parts.at(-1)!.path, parts);
  });
  const folder = folderModel(files);
  return [...models, ...(folder === undefined ? [] : [folder])].sort((one, other) => one.bytes - other.bytes);
}

const folderFiles =
  /^(tokenizer\.json|tokenizer_config\.json|special_tokens_map\.json|vocab\.json|merges\.txt|generation_config\.json)$/;
const folderWeights = /^model(-\d{5}-of-\d{5})?\.safetensors(\.index\.json)?$/;

/** A folder as transformers has it. It can be opened only when `config.json` is there, so that comes last. */
function folderModel(files: readonly RepositoryFile[]): RepositoryModel | undefined {
  const config = files.find(({ path }) => path === 'config.json');
  const weights = files.filter(({ path }) => folderWeights.test(path));
  if (config === undefined || weights.length === 0) return undefined;
  return modelOf('', [...weights, ...files.filter(({ path }) => folderFiles.test(path)), config]);
}

function modelOf(path: string, files: readonly RepositoryFile[]): RepositoryModel {
  return { path, files, bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
}
