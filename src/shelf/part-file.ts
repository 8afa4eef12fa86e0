/**
 * A file while it is downloaded. It has another name than the finished one, so half a file is never taken for a whole one.
 *
 *     NAME.part         the bytes so far
 *     NAME.part.json    what they should become: repository, size and hash
 *     NAME.part.lock    the process that is writing (processMark)
 *
 * A killed process leaves them, and the next download goes on from there. When all bytes are there and their hash is
 * right, they are written through to the disk, and the file gets its name.
 */

import { createHash, type Hash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import { isRunning, processMark } from '../common/process-mark';
import type { RepositoryFile } from './repository';

/** What a part should become. */
export interface PartGoal extends RepositoryFile {
  readonly hub: string;
  /** `OWNER/NAME` */
  readonly repository: string;
}

/** The disk, so that a test can have a full one. */
export interface Disk {
  /** Bytes that this user may still write where the folder is, or will be. */
  freeBytes(folder: string): Promise<number>;
  write(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void>;
}

export const realDisk: Disk = {
  async freeBytes(folder) {
    let existing = folder;
    while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
    const { bavail, bsize } = await statfs(existing);
    return bavail * bsize;
  },
  async write(handle, bytes, position) {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
      done += bytesWritten;
    }
  },
};

export const partName = (path: string) => `${path}.part`;

/** @returns undefined if there is no part, or one of something unknown */
export function readGoal(part: string): PartGoal | undefined {
  try {
    const goal: PartGoal = JSON.parse(readFileSync(`${part}.json`, 'utf8'));
    const texts = [goal.hub, goal.repository, goal.path];
    return texts.every(text => typeof text === 'string') && Number.isSafeInteger(goal.bytes)
      ? goal
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process was writing this part when it ended. */
export function isLockOfEnded(part: string): boolean {
  try {
    return isRunning(readFileSync(`${part}.lock`, 'utf8')) === false;
  } catch {
    return false;
  }
}

/** Removes a part and what belongs to it. */
export function removePart(part: string): void {
  for (const file of [part, `${part}.json`, `${part}.lock`]) rmSync(file, { force: true });
}

export class PartFile {
  private constructor(
    readonly part: string,
    private readonly finished: string,
    private readonly goal: PartGoal,
    private readonly disk: Disk,
    private readonly handle: FileHandle,
    private hash: Hash,
    /** Bytes so far. */
    public bytes: number,
  ) {}

  /**
   * Opens the part of a file, and reads what is there already. A part of another content is begun anew.
   * @throws Error if another process is writing it
   */
  static async open(finished: string, goal: PartGoal, disk: Disk, signal: AbortSignal): Promise<PartFile> {
    const part = partName(finished);
    await mkdir(dirname(finished), { recursive: true });
    await lock(`${part}.lock`);
    try {
      if (!isSameContent(readGoal(part), goal)) await rm(part, { force: true });
      await writeFile(`${part}.json.new`, JSON.stringify(goal));
      await rename(`${part}.json.new`, `${part}.json`);
      const handle = await open(part, 'a+').then(async appending => {
        // Made if it was not there; written at places from now on.
        await appending.close();
        return open(part, 'r+');
      });
      const file = new PartFile(part, finished, goal, disk, handle, startHash(goal), 0);
      await file.readWhatIsThere(signal);
      return file;
    } catch (error) {
      await rm(`${part}.lock`, { force: true });
      throw error;
    }
  }

  /** Too many bytes are no part of this file. */
  private async readWhatIsThere(signal: AbortSignal): Promise<void> {
    const { size } = await this.handle.stat();
    if (size > this.goal.bytes) return this.startAgain();
    const buffer = new Uint8Array(1 << 20);
    while (this.bytes < size && !signal.aborted) {
      const { bytesRead } = await this.handle.read(buffer, 0, buffer.length, this.bytes);
      if (bytesRead === 0) break;
      this.hash.update(buffer.subarray(0, bytesRead));
      this.bytes += bytesRead;
    }
  }

  /** @throws Error of the disk, such as ENOSPC; RangeError if the file would be longer than it should be */
  async append(chunk: Uint8Array): Promise<void> {
    if (this.bytes + chunk.length > this.goal.bytes) throw new RangeError('more bytes than the file has');
    await this.disk.write(this.handle, chunk, this.bytes);
    this.hash.update(chunk);
    this.bytes += chunk.length;
  }

  async startAgain(): Promise<void> {
    await this.handle.truncate(0);
    this.hash = startHash(this.goal);
    this.bytes = 0;
  }

  /**
   * Gives the file its name if its content is what it should be.
   * @returns false if it is not; the part is removed then
   */
  async finish(): Promise<boolean> {
    const digest = this.hash.digest('hex');
    const expected = this.goal.sha256 ?? this.goal.gitHash;
    const isRight = this.bytes === this.goal.bytes && (expected === undefined || digest === expected);
    try {
      if (isRight) await this.handle.sync();
    } finally {
      await this.close();
    }
    if (isRight) await renameFinished(this.part, this.finished);
    removePart(this.part);
    if (isRight) await syncFolder(dirname(this.finished));
    return isRight;
  }

  /** Leaves the part as it is, for another time. */
  async close(): Promise<void> {
    await this.handle.close();
    await rm(`${this.part}.lock`, { force: true });
  }
}

/** A mirror has the same bytes. Without a hash, only the same place has them. */
function isSameContent(one: PartGoal | undefined, other: PartGoal): boolean {
  if (one === undefined || one.bytes !== other.bytes) return false;
  const hash = one.sha256 ?? one.gitHash;
  if (hash !== undefined) return hash === (other.sha256 ?? other.gitHash);
  return JSON.stringify(one) === JSON.stringify(other);
}

function startHash({ sha256, bytes }: PartGoal): Hash {
  // Git hashes a header too.
  return sha256 === undefined ? createHash('sha1').update(`blob ${bytes}\0`) : createHash('sha256');
}

/** A lock of a process that has ended is taken over. */
async function lock(path: string): Promise<void> {
  const busy = l10n.t(
    '{0} is being downloaded already, perhaps by another window',
    basename(path, '.part.lock'),
  );
  for (let isSecondTry = false; ; isSecondTry = true) {
    try {
      return await writeFile(path, processMark(), { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const mark = await readFile(path, 'utf8').catch(() => '');
    if (isSecondTry || isRunning(mark) === true) throw new Error(busy);
    await rm(path, { force: true });
  }
}

const renameTries = 20;
const renameWaitMs = 250;

/** Windows renames no file that is open, and a virus scanner opens files that were just written. */
async function renameFinished(from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await rename(from, to);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (!['EPERM', 'EACCES', 'EBUSY'].includes(code) || tries === renameTries) throw error;
    }
    await new Promise(resolve => setTimeout(resolve, renameWaitMs));
  }
}

/** So that the new name survives a loss of power. Windows cannot open a folder for that. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // The file itself is on the disk.
  }
}
