/**
 * GPT-2's way to write bytes as text: printable ones stand for themselves, the others for the characters from U+0100
 * on, in order. Source: https://github.com/openai/gpt-2, `encoder.py`, `bytes_to_unicode`.
 */
export const byteOfCharacter: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 256 }, (_, byte) => byte).reduce<[string, number][]>((entries, byte) => {
    const shifted = entries.filter(([character]) => character.codePointAt(0)! >= 256).length;
    entries.push([String.fromCodePoint(isPrintable(byte) ? byte : 256 + shifted), byte]);
    return entries;
  }, []),
);

function isPrintable(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte !== 0xad);
}
