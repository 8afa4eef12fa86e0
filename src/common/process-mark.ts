/** A name for this process that another process can check: does the one that wrote this file still run? */
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';

/** The mark of this process, for example `3f2a91c0-4711`: its machine, and its id there. */
export function processMark(): string {
  return `${thisMachine()}-${process.pid}`;
}

/** @returns undefined for a process on another machine (a home folder may be shared), because we cannot ask it */
export function isRunning(mark: string): boolean | undefined {
  const [, machine, id] = /^([0-9a-f]{8})-([1-9][0-9]*)$/.exec(mark) ?? [];
  if (machine !== thisMachine()) return undefined;
  try {
    return process.kill(Number(id), 0);
  } catch (error) {
    // We may not signal another user's process, but it runs.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function thisMachine(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}
