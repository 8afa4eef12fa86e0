/**
 * The text of a file that somebody may have written in a terminal: UTF-8, but UTF-16 where its byte-order mark says so,
 * which is what PowerShell 5.1 makes of `echo private/ > .copilotignore`. The mark is no part of the text; bytes that
 * are no character become U+FFFD.
 */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}
