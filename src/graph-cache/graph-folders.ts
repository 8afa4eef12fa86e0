/**
 * The folders that built graphs lie in: which are half-written and by whom, which are in use, which are to go. Knows
 * nothing of what is in a graph.
 *
 *     KEY/                          a built graph, whole: it got this name when everything was in it
 *     KEY/MARK.open                 a process has opened it, and when (processMark)
 *     KEY.MARK.UUID.unfinished/     being written, or being removed, by that process
 *
 * Other windows do the same things at the same time, and Windows removes nothing that is open. So nothing here fails:
 * what cannot be removed is there next time.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';

/** Where this process may write what is to become `built`, or move it to be removed. */
export function unfinishedName(built: string): string {
  return `${built}.${processMark()}.${randomUUID()}.unfinished`;
}

/** Notes that this process uses a graph from now on. */
export function markOpen(built: string): void {
  for (const mark of marksIn(built)) if (!isInUse(mark)) removeQuietly(mark.path);
  attempt(() => writeFileSync(join(built, `${processMark()}.open`), ''));
}

/** Removes a graph, whole or not at all: half of one would be taken for a graph. */
export function removeGraph(built: string): boolean {
  const away = unfinishedName(built);
  return attempt(() => renameSync(built, away)) && removeQuietly(away);
}

/** Removes a file or a folder, if it can be. It throws nothing, so that in a `finally` the outcome is what it was. */
export function removeQuietly(path: string): boolean {
  // Tried again after 100, 200 and 300 ms: on Windows a virus scanner may have a file open.
  return attempt(() => rmSync(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 }));
}

/** Where nobody can be asked (another machine, an id that another process may have by now): no build takes a day. */
const abandonedMs = 24 * 60 * 60 * 1000;

/** Removes what processes that are gone have left half-written. */
export function removeAbandoned(graphsFolder: string): void {
  for (const name of list(graphsFolder)) {
    const match = unfinished.exec(name);
    if (match === null) continue;
    const [, mark = ''] = match;
    const path = join(graphsFolder, name);
    if (isRunning(mark) === false || ageOf(path) > abandonedMs) removeQuietly(path);
  }
}

/** Removes the graphs that were opened longest ago until the others take `maxBytes` at most; never one in use. */
export function removeLeastRecentlyUsed(graphsFolder: string, maxBytes: number): void {
  const graphs = list(graphsFolder)
    .filter(name => !unfinished.test(name))
    .map(name => measure(join(graphsFolder, name)))
    .sort((one, other) => one.openedAt - other.openedAt);
  let bytes = graphs.reduce((sum, graph) => sum + graph.bytes, 0);
  for (const graph of graphs) {
    if (bytes <= maxBytes) return;
    if (!marksIn(graph.path).some(isInUse) && removeGraph(graph.path)) bytes -= graph.bytes;
  }
}

const unfinished = /(?:\.([^.]*)\.[^.]*)?\.unfinished$/;

function measure(path: string): { readonly path: string; readonly bytes: number; readonly openedAt: number } {
  const files = list(path).map(name => statSync(join(path, name), { throwIfNoEntry: false }));
  const sum = (size: number, file: (typeof files)[number]) => size + (file?.size ?? 0);
  // The newest file is the last mark, or, of a graph from before there were marks, what was written last.
  return {
    path,
    bytes: files.reduce(sum, 0),
    openedAt: Math.max(0, ...files.map(file => file?.mtimeMs ?? 0)),
  };
}

interface Mark {
  readonly path: string;
  readonly process: string;
}

function marksIn(built: string): readonly Mark[] {
  return list(built)
    .filter(name => name.endsWith('.open'))
    .map(name => ({ path: join(built, name), process: name.slice(0, -'.open'.length) }));
}

function isInUse({ path, process }: Mark): boolean {
  const runs = isRunning(process);
  if (runs === undefined) return ageOf(path) < abandonedMs;
  // Ids are given out again after a start of the machine, and a mark from before it is no living process's.
  return runs && ageOf(path) < uptime() * 1000;
}

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

/** Milliseconds; 0 of what another process has just removed. */
function ageOf(path: string): number {
  const now = Date.now();
  return now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now);
}

function list(folder: string): readonly string[] {
  let names: readonly string[] = [];
  attempt(() => {
    names = readdirSync(folder);
  });
  return names;
}

function attempt(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
