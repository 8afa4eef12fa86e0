/** @param path relative, with `/` @returns the folder that holds it; the empty string for a name alone */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
