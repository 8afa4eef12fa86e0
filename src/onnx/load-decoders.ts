/**
 * Loads both decoders, and ONNX Runtime with them. They are imported when they are needed, and not at the top of a
 * file, so that an error can say what the machine lacks.
 */

/** @throws Error that says what the machine lacks, if the library of ONNX Runtime cannot be loaded */
export async function loadDecoders() {
  try {
    return { ...(await import('./onnx-decoder')), ...(await import('./export-decoder')) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_DLOPEN_FAILED') throw error;
    const need = needs[process.platform];
    throw new Error(
      `the library of ONNX Runtime cannot be loaded${need ? `; it needs ${need}` : ''}: ${(error as Error).message}`,
    );
  }
}

/** What the library files of ONNX Runtime 1.30 need on the machine. On Linux they need only what VS Code needs too. */
const needs: Partial<Record<NodeJS.Platform, string>> = {
  win32: `the Visual C++ runtime (https://aka.ms/vs/17/release/vc_redist.${process.arch}.exe)`,
  darwin: 'macOS 14 or newer',
};
