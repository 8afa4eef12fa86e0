/**
 * On Windows one file has two spellings, `c:\x` (which VS Code uses) and `C:\x` (a terminal): the second, of either.
 * @param path absolute; any but a drive's is returned as it is
 */
export function upperCaseDrive(path: string): string {
  return path.replace(/^[a-z]:(?=[\\/])/, drive => drive.toUpperCase());
}
