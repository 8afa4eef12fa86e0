/** The machine's name, and what a process has used, as the system counts it. Of another process on Linux only. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

/** The kernel's unit of time in `/proc/PID/stat`: 100 a second on every Linux that Node runs on. */
const tickMs = 10;

export function machine(): string {
  return `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} threads, Node ${process.version}`;
}

/** Milliseconds of processor time since its start, all threads, those that have ended among them; to 10 ms. */
export function cpuMsOf(pid: number | undefined): number | undefined {
  const stat = readProcess(pid, 'stat');
  // The name, in brackets, may hold spaces; utime and stime are the 14th and 15th field.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields && (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** Bytes of memory that it has resident, mapped files among them. */
export function residentBytesOf(pid: number | undefined): number | undefined {
  const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(readProcess(pid, 'status') ?? '')?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** Of this process. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function readProcess(pid: number | undefined, name: string): string | undefined {
  if (process.platform !== 'linux' || pid === undefined) return undefined;
  return readFileSync(`/proc/${pid}/${name}`, 'utf8');
}
