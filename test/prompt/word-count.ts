/** Counts tokens roughly as p50k does: a token is up to four letters, up to eight blanks, a line break or a sign. */
export function wordCount(text: string): number {
  return text.match(/\w{1,4}|[^\S\n]{1,8}|\n|[^\w\s]/gu)?.length ?? 0;
}
