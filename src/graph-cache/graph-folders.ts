/**
 * The folders of built graphs: which are half-written, which are in use, which are removed. Knows nothing of the
 * content of a graph.
 *
 *     KEY/                          a whole graph: it got this name when everything was in it
 *     KEY/MARK.open                 the process MARK (processMark) has opened it, at the time of this file
 *     KEY.MARK.UUID.unfinished/     the process MARK is writing it, or removing it
 *
 * Other windows do the same things at the same time, and Windows removes no file that is open. So nothing here fails:
 * if something cannot be removed now, the next start tries again.
 */
import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { isRunning, processMark } from '../common/process-mark';
import { ageOf, attempt, namesIn } from '../common/shared-folder';

/** A name under which this process may write the graph that becomes `built`, or to which it may move it for removal. */
export function unfinishedName(built: string): string {
  return `${built}.${processMark()}.${randomUUID()}.unfinished`;
}

/** Notes that this process uses a graph from now on. */
export function markOpen(built: string): void {
  for (const mark of marksIn(built)) if (!isInUse(mark)) removeQuietly(mark.path);
  attempt(() => writeFileSync(join(built, `${processMark()}.open`), ''));
}

/** Removes a whole graph or nothing of it, because half a graph would be taken for a whole one. */
export function removeGraph(built: string): boolean {
  const away = unfinishedName(built);
  return attempt(() => renameSync(built, away)) === undefined && removeQuietly(away);
}

/** Removes a file or a folder if possible. It never throws, so in a `finally` it hides no other error. */
export function removeQuietly(path: string): boolean {
  // It tries again after 100, 200 and 300 ms: on Windows a virus scanner may have a file open.
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
  return attempt(remove) === undefined;
}

/**
 * If we cannot tell whether a process still runs (it is on another machine, or another process may have its id by now),
 * its mark counts for a day. No build takes that long.
 */
const abandonedMs = 24 * 60 * 60 * 1000;

/** Removes the half-written graphs of processes that have ended. */
export function removeAbandoned(graphsFolder: string): void {
  for (const name of namesIn(graphsFolder)) {
    const match = unfinished.exec(name);
    if (match === null) continue;
    const [, mark = ''] = match;
    const path = join(graphsFolder, name);
    if (isRunning(mark) === false || ageOf(path) > abandonedMs) removeQuietly(path);
  }
}

/**
 * Removes the graphs that were opened longest ago, until the rest takes `maxBytes` at most. A graph in use stays.
 */
export function removeLeastRecentlyUsed(graphsFolder: string, maxBytes: number): void {
  const graphs = namesIn(graphsFolder)
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
  const files = namesIn(path).map(name => statSync(join(path, name), { throwIfNoEntry: false }));
  const sum = (size: number, file: (typeof files)[number]) => size + (file?.size ?? 0);
  // The newest file is the latest mark. A graph from before there were marks has only the files of its build.
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
  return namesIn(built)
    .filter(name => name.endsWith('.open'))
    .map(name => ({ path: join(built, name), process: name.slice(0, -'.open'.length) }));
}

function isInUse({ path, process }: Mark): boolean {
  const runs = isRunning(process);
  if (runs === undefined) return ageOf(path) < abandonedMs;
  // After a restart of the machine another process may have the id. A mark from before the restart is not its own.
  return runs && ageOf(path) < uptime() * 1000;
}
