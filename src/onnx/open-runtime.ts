/** ONNX Runtime, opened when it is needed, so that a machine that lacks what its library asks for is told so. */

/** What ONNX Runtime 1.30's own files name as needed beside them; Linux's need nothing that VS Code does not. */
const needs: Partial<Record<NodeJS.Platform, string>> = {
  win32: `the Visual C++ runtime (https://aka.ms/vs/17/release/vc_redist.${process.arch}.exe)`,
  darwin: 'macOS 14 or newer',
};

/** The decoders, which are built on it. @throws Error that says what the machine lacks, if its library cannot be loaded */
export async function openRuntime() {
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
