/** What a user would have open beside one of our own sources: what it imports, and others of its folder. */
import { shortPath } from '../src/document/document-snapshot';
import { importedPaths } from '../src/other-files/imported-paths';
import type { OtherFile } from '../src/other-files/other-file';
import type { Source } from './own-sources';

/** As many files as a user may have in tabs. */
const mostNeighbours = 8;

/** @returns the neighbours of one of `sources`; of each the same object every time */
export function findNeighbours(sources: readonly Source[]): (source: Source) => readonly OtherFile[] {
  const files = new Map(sources.map(({ path, text }) => [path, { uri: path, path: shortPath(path), text }]));
  return ({ path, text }) => {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const imported = importedPaths(`/${path}`, text).flatMap(
      paths => paths.map(one => one.slice(1)).find(one => files.has(one)) ?? [],
    );
    const beside = [...files.keys()].filter(other => other.startsWith(folder));
    const paths = new Set([...imported, ...beside].filter(other => other !== path));
    return [...paths].slice(0, mostNeighbours).map(other => files.get(other)!);
  };
}
