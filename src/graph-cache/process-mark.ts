/** A process's mark in the name of a file, so that another process can tell whether whoever wrote it still runs. */
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';

/** This process's, for example `3f2a91c0-4711`: its machine and its id there. */
export function processMark(): string {
  return `${thisMachine()}-${process.pid}`;
}

/** @returns undefined for a process of another machine (a home may be shared): it cannot be asked */
export function isRunning(mark: string): boolean | undefined {
  const [, machine, id] = /^([0-9a-f]{8})-([1-9][0-9]*)$/.exec(mark) ?? [];
  if (machine !== thisMachine()) return undefined;
  try {
    return process.kill(Number(id), 0);
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function thisMachine(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}
