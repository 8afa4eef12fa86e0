/**
 * Downloads a model from a hub: checks the space on the disk, resumes what is there, tries again after faults that pass,
 * and gives a file its name only when its hash is right. The connection is `hub-requests.ts`, the file `part-file.ts`.
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Clock } from '../common/clock';
import { askHub, type Hub, HubError } from './hub-requests';
import { type Disk, PartFile, partName, realDisk } from './part-file';
import { filePath, type RepositoryFile, type RepositoryModel } from './repository';

export interface DownloadOptions {
  readonly hub: Hub;
  /** `OWNER/NAME` */
  readonly repository: string;
  /** The repository's own folder on this machine. */
  readonly folder: string;
  readonly clock: Clock;
  /** Bytes of the whole model that are there. Called often. */
  readonly onProgress: (bytes: number) => void;
  readonly disk?: Disk;
}

/**
 * @returns the path of the model on this machine; undefined if `signal` has ended the download. What came so far stays.
 * @throws HubError, or an Error that says in one line what to do
 */
export async function downloadModel(
  model: RepositoryModel,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { folder, onProgress, disk = realDisk } = options;
  await mkdir(folder, { recursive: true });
  await requireSpace(model, folder, disk);
  let before = 0;
  for (const file of model.files) {
    const isThere = await isFinished(join(folder, file.path), file);
    const report = (bytes: number) => onProgress(before + bytes);
    if (!isThere && !(await downloadFile(file, { ...options, onProgress: report, disk }, signal)))
      return undefined;
    before += file.bytes;
    onProgress(before);
  }
  return join(folder, model.path);
}

/** Room beside the model for the editor and everything else. */
const spareBytes = 200e6;

/** @returns bytes on the disk that a model needs: what is still to come, and as much again when it is prepared */
export async function spaceNeeded(model: RepositoryModel, folder: string): Promise<number> {
  const there = await Promise.all(
    model.files.map(async ({ path, bytes }) => {
      const finished = await sizeOf(join(folder, path));
      return finished === bytes ? bytes : await sizeOf(partName(join(folder, path)));
    }),
  );
  return 2 * model.bytes - there.reduce((sum, bytes) => sum + bytes, 0);
}

async function requireSpace(model: RepositoryModel, folder: string, disk: Disk): Promise<void> {
  const needed = (await spaceNeeded(model, folder)) + spareBytes;
  const free = await disk.freeBytes(folder);
  if (free < needed)
    throw new Error(
      l10n.t(
        'the disk has {0} free, and {1} are needed: the file, as much again for the prepared model, and some room beside them',
        gigabytes(free),
        gigabytes(needed),
      ),
    );
}

/** @returns false if `signal` has ended it */
async function downloadFile(
  file: RepositoryFile,
  options: DownloadOptions & { readonly disk: Disk },
  signal: AbortSignal,
): Promise<boolean> {
  const { hub, repository, folder, disk } = options;
  const finished = join(folder, file.path);
  const part = await PartFile.open(finished, { ...file, hub: hub.address, repository }, disk, signal);
  try {
    if (!(await fill(part, file, options, signal))) {
      await part.close();
      return false;
    }
  } catch (error) {
    await part.close();
    throw readableFault(error, part);
  }
  if (await part.finish()) return true;
  throw new Error(
    l10n.t(
      '{0}: the bytes that came are not those that the hub names ({1} differs), so they were removed; download it again',
      file.path,
      file.sha256 === undefined ? l10n.t('Git hash') : 'SHA-256',
    ),
  );
}

/** Tries in a row that bring no byte. */
const maxFailures = 6;
const firstWaitMs = 500;
const maxWaitMs = 60_000;

/** Fetches until all bytes are there. @returns false if `signal` has ended it */
async function fill(
  part: PartFile,
  file: RepositoryFile,
  { hub, repository, onProgress, clock }: DownloadOptions,
  signal: AbortSignal,
): Promise<boolean> {
  for (let failures = 0; part.bytes < file.bytes && !signal.aborted; ) {
    const before = part.bytes;
    onProgress(before);
    try {
      await fetchRest(part, file, hub, repository, onProgress, signal);
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof HubError) || error.kind !== 'again') throw error;
      failures = part.bytes > before ? 1 : failures + 1;
      if (failures >= maxFailures) throw error;
      const wait = Math.max(error.retryAfterMs, firstWaitMs * 2 ** (failures - 1));
      await clock.sleep(Math.min(maxWaitMs, wait), signal);
    }
  }
  return !signal.aborted;
}

/** One connection: asks for what is missing, and appends what comes. */
async function fetchRest(
  part: PartFile,
  file: RepositoryFile,
  hub: Hub,
  repository: string,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { host } = new URL(hub.address);
  const headers = part.bytes > 0 ? { Range: `bytes=${part.bytes}-` } : {};
  const answer = await askHub(hub, filePath(repository, file), headers, signal);
  const { status, sha256, body } = answer;
  try {
    if (sha256 !== undefined && file.sha256 !== undefined && sha256 !== file.sha256)
      throw new HubError(
        l10n.t('{0} has changed on {1} since it was listed; choose it again', file.path, host),
        'refused',
      );
    // The server has fewer bytes than we have, or begins from the start again.
    const isRest = status === 206 && startOfRange(answer.headers['content-range']) === part.bytes;
    if (!isRest) await part.startAgain();
    if (status === 416)
      throw new HubError(l10n.t('{0} does not have the rest of {1}', host, file.path), 'again');
    if (!isRest && status !== 200)
      throw new HubError(l10n.t('{0} sent another part of the file', host), 'again');
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      await part.append(chunk);
      onProgress(part.bytes);
    }
  } catch (error) {
    throw connectionFault(error, host);
  } finally {
    body.destroy();
  }
  if (part.bytes < file.bytes && !signal.aborted)
    throw new HubError(l10n.t('{0}: the connection ended before the file did', host), 'again');
}

/** `bytes 100-199/200` begins at 100. */
function startOfRange(header: string | undefined): number | undefined {
  const start = /^bytes (\d+)-/.exec(header ?? '')?.[1];
  return start === undefined ? undefined : Number(start);
}

/** Faults of a stream come from the connection, unless they are the disk's or ours. */
function connectionFault(error: unknown, host: string): unknown {
  if (error instanceof HubError) return error;
  if (error instanceof RangeError)
    return new HubError(
      l10n.t('{0} sent more bytes than the file should have; choose it again', host),
      'refused',
    );
  const { code = '', syscall, message } = error as NodeJS.ErrnoException;
  const isDisks =
    syscall === 'write' || syscall === 'ftruncate' || ['ENOSPC', 'EDQUOT', 'EIO'].includes(code);
  return isDisks ? error : new HubError(l10n.t('{0}: the connection broke ({1})', host, message), 'again');
}

function readableFault(error: unknown, { part, bytes }: PartFile): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new Error(
    l10n.t(
      'the disk is full; {0} of the file have come and stay in {1} until you resume or remove it',
      gigabytes(bytes),
      part,
    ),
  );
}

/** A file of the right size may still have another content, from an earlier version of the repository. */
async function isFinished(path: string, { bytes, sha256, gitHash }: RepositoryFile): Promise<boolean> {
  if ((await sizeOf(path)) !== bytes) return false;
  const hash = sha256 === undefined ? createHash('sha1').update(`blob ${bytes}\0`) : createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
    hash.update(chunk as Uint8Array);
  const expected = sha256 ?? gitHash;
  return expected === undefined || hash.digest('hex') === expected;
}

/** 0 if there is no such file. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
