/** Counts tokens roughly as p50k does: words in pieces of four letters, runs of white space, single signs. */
export function wordCount(text: string): number {
  return text.match(/\w{1,4}|[^\S\n]{1,8}|\n|[^\w\s]/gu)?.length ?? 0;
}
