/** The machine's name, and what a process has used. Only Linux tells it of another process; elsewhere it is undefined. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

/** The kernel's unit of time in `/proc/PID/stat`: a hundredth of a second on every Linux that Node runs on. */
const tickMs = 10;

export function machine(): string {
  return `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} threads, Node ${process.version}`;
}

/** Milliseconds of processor time of all threads since the process started, to 10 ms. Ended threads count too. */
export function cpuMsOf(pid: number | undefined): number | undefined {
  const stat = readProcess(pid, 'stat');
  // The name, in brackets, may have spaces. utime and stime are the 14th and 15th field.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields && (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** Bytes of resident memory, mapped files included. */
export function residentBytesOf(pid: number | undefined): number | undefined {
  const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(readProcess(pid, 'status') ?? '')?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** Milliseconds of processor time of this process. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function readProcess(pid: number | undefined, name: string): string | undefined {
  if (process.platform !== 'linux' || pid === undefined) return undefined;
  return readFileSync(`/proc/${pid}/${name}`, 'utf8');
}
