/**
 * The record on disk. Each window writes a file of its own, so two windows never overwrite each other:
 *
 *     MARK.ID.json              the record ID, which only the process MARK (`common/process-mark.ts`) writes
 *     MARK.ID.json.unfinished   the same, while it is being written
 *
 * The record of all windows is the sum of the files. A window takes over the files of ended windows: it renames such a
 * file to its own mark, which only one window can do, adds the record to its own, writes that with the other ID among
 * the `absorbed` ones, and removes the file. A file whose ID another file has absorbed does not count. So each
 * suggestion counts once, also after a crash at any moment.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, processMark } from '../common/process-mark';
import { ageOf, attempt, namesIn } from '../common/shared-folder';
import { addRecords, emptyRecord, parseIds, parseRecord, type StatisticsRecord, shorten } from './record';

export interface StatisticsFiles {
  /** Adds to this window's record, in memory. */
  add(addition: Pick<StatisticsRecord, 'rows' | 'evidence'>): void;
  /** The record of all windows, with what this one has not written yet. */
  total(): StatisticsRecord;
  /** Writes what was added since the last time. If that fails, the log says so once, and the next call tries again. */
  write(): void;
  /** Forgets all, in every window. */
  erase(): void;
  /** Voids the evidence, in every window. */
  resetLearning(): void;
}

export interface StatisticsFilesOptions {
  /** Made when it is first needed. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Today, as in a row. */
  readonly today: () => string;
  readonly log: (line: string) => void;
  /** The mark of this process; a test plays several. */
  readonly mark?: string;
}

const version = 1;
/** We cannot ask whether a process on another machine still runs. A file that was not written for a week is taken over. */
const abandonedMs = 7 * 24 * 60 * 60 * 1000;

export function createStatisticsFiles({
  folder,
  now,
  today,
  log,
  mark = processMark(),
}: StatisticsFilesOptions): StatisticsFiles {
  let id: string = randomUUID();
  let absorbed: readonly string[] = [];
  let isWritten = false;
  /** What this window's file has, and what was added since it was written. */
  let written = emptyRecord;
  let added = emptyRecord;
  let hasLooked = false;
  const say = sayOnce(log);
  const own = () => join(folder, `${mark}.${id}.json`);

  const startAnew = () => {
    id = randomUUID();
    absorbed = [];
    isWritten = false;
    written = { ...emptyRecord, since: added.since, learningSince: added.learningSince };
  };

  const save = (record: StatisticsRecord): boolean => {
    const content = { version, id, absorbed, ...shorten(record, today()) };
    const error = attempt(() => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${own()}.unfinished`, JSON.stringify(content));
      renameSync(`${own()}.unfinished`, own());
    });
    if (error !== undefined) {
      say(`the statistics are not written: ${error.message}`);
      return false;
    }
    isWritten = true;
    written = record;
    return true;
  };

  const readOthers = () =>
    filesIn(folder)
      .filter(file => file.id !== id)
      .map(file => readFile(file, say));

  /** Reading the files of ended windows waits until they are needed, so it costs nothing when VS Code starts. */
  const takeOverOnce = () => {
    if (hasLooked) return;
    hasLooked = true;
    const files = readOthers();
    const isAbsorbed = new Set(files.flatMap(file => file.absorbed));
    const ended = files.filter(file => isEnded(file, mark));
    const taken = ended.flatMap(file => {
      if (file.state === 'newer') return [];
      const path = join(folder, `${mark}.${file.id}.json`);
      if (path !== file.path && attempt(() => renameSync(file.path, path)) !== undefined) return [];
      if (file.state === 'good' && !isAbsorbed.has(file.id)) return [{ ...file, path }];
      attempt(() => rmSync(path));
      return [];
    });
    removeUnfinished(folder, mark);
    if (taken.length === 0) return;
    absorbed = [...absorbed, ...taken.flatMap(file => [file.id, ...file.absorbed])];
    const sum = taken.reduce((total, { record }) => addRecords(total, record), written);
    if (save(sum)) for (const { path } of taken) attempt(() => rmSync(path));
    else absorbed = [];
  };

  const total = (): StatisticsRecord => {
    takeOverOnce();
    // Our file was removed, or a window on another machine has taken it over. It no longer belongs to us.
    if (isWritten && !existsSync(own())) startAnew();
    const files = readOthers().filter(file => file.state === 'good');
    const isAbsorbed = new Set([...absorbed, ...files.flatMap(file => file.absorbed)]);
    const counted = files.filter(file => !isAbsorbed.has(file.id)).map(({ record }) => record);
    const sum = [written, added, ...counted].reduce(addRecords);
    // What this window has added before the user erased it, or reset the learning, in another window is void.
    added = addRecords(added, { ...emptyRecord, since: sum.since, learningSince: sum.learningSince });
    return sum;
  };

  const flush = () => {
    const { since, learningSince } = added;
    if (save(addRecords(written, added))) added = { ...emptyRecord, since, learningSince };
  };

  return {
    add({ rows, evidence }) {
      added = addRecords(added, { ...added, rows, evidence });
    },
    total: () => shorten(total(), today()),
    write() {
      if (added.rows.length === 0 && added.evidence.length === 0) return;
      total();
      flush();
    },
    erase() {
      const { since, learningSince } = total();
      added = { ...emptyRecord, since: Math.max(now(), since + 1), learningSince };
      for (const { path } of filesIn(folder)) attempt(() => rmSync(path));
      startAnew();
      // The file tells the other windows.
      flush();
    },
    resetLearning() {
      const { since, learningSince } = total();
      const reset = { ...emptyRecord, since, learningSince: Math.max(now(), learningSince + 1) };
      added = addRecords(added, reset);
      flush();
    },
  };
}

interface FileName {
  readonly path: string;
  readonly mark: string;
  readonly id: string;
}

interface StatisticsFile extends FileName {
  /** 'newer': a newer version of Sotto has written it. */
  readonly state: 'good' | 'damaged' | 'newer';
  readonly absorbed: readonly string[];
  readonly record: StatisticsRecord;
}

const idPattern = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const filePattern = new RegExp(`^(.+)\\.(${idPattern})\\.json$`);
const unfinishedPattern = new RegExp(`^(.+)\\.${idPattern}\\.json\\.unfinished$`);

function filesIn(folder: string): readonly FileName[] {
  return namesIn(folder).flatMap(name => {
    const [, mark, id] = filePattern.exec(name) ?? [];
    return mark === undefined || id === undefined ? [] : [{ path: join(folder, name), mark, id }];
  });
}

function readFile(file: FileName, say: (line: string) => void): StatisticsFile {
  const empty = { ...file, absorbed: [], record: emptyRecord };
  try {
    const content: unknown = JSON.parse(readFileSync(file.path, 'utf8'));
    if (typeof content !== 'object' || content === null) throw new Error('expected an object');
    const fields = content as Readonly<Record<string, unknown>>;
    const found = fields['version'];
    if (typeof found === 'number' && found > version) return { ...empty, state: 'newer' };
    if (found !== version) throw new Error(`version: expected ${version}`);
    return { ...file, state: 'good', absorbed: parseIds(fields['absorbed']), record: parseRecord(fields) };
  } catch (error) {
    // Another window may have taken the file over since we saw its name.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      say(`${file.path}: ${(error as Error).message}. The statistics of this file are lost.`);
    return { ...empty, state: 'damaged' };
  }
}

/** Whether the window that wrote a file has ended. Files of this process that are not ours are those of earlier windows. */
function isEnded({ path, mark }: FileName, ownMark: string): boolean {
  if (mark === ownMark) return true;
  const runs = isRunning(mark);
  return runs === undefined ? ageOf(path) > abandonedMs : !runs;
}

function removeUnfinished(folder: string, ownMark: string): void {
  for (const name of namesIn(folder)) {
    const mark = unfinishedPattern.exec(name)?.[1];
    const path = join(folder, name);
    if (mark !== undefined && isEnded({ path, mark, id: '' }, ownMark)) attempt(() => rmSync(path));
  }
}

function sayOnce(log: (line: string) => void): (line: string) => void {
  const said = new Set<string>();
  return line => {
    if (!said.has(line)) log(line);
    said.add(line);
  };
}
