import { readFileSync } from "node:fs";

/** What /proc counts processor time in, on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Processor time a process has used so far, all its threads, user and system, in milliseconds. In steps of 10. */
export function cpuMs(pid: number): number {
  const stat = readProc(`${pid}/stat`);
  // The name, in parentheses, may hold spaces: what follows it is counted.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

/** Processor time everything on this machine has used so far, all cores, in milliseconds. In steps of 10. */
export function machineCpuMs(): number {
  const fields = readProc("stat").split("\n", 1)[0]?.trim().split(/\s+/u).slice(1).map(Number) ?? [];
  // Guests are counted within user and nice; idle and waiting for the disk are no use.
  const [user = 0, nice = 0, system = 0, _idle, _wait, interrupts = 0, softInterrupts = 0, stolen = 0] = fields;
  return ((user + nice + system + interrupts + softInterrupts + stolen) * 1000) / ticksPerSecond;
}

/** How much of a process lies in memory, in bytes. */
export interface Residence {
  readonly totalBytes: number;
  /** Without what is mapped from files, such as the program of Node itself. */
  readonly anonymousBytes: number;
}

export function residence(pid: number): Residence {
  const status = readProc(`${pid}/status`);
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "mu").exec(status)?.[1]) * 1024;
  return { totalBytes: field("VmRSS"), anonymousBytes: field("RssAnon") };
}

function readProc(file: string): string {
  if (process.platform !== "linux") {
    throw new Error("Processor time and memory of another process are read from /proc: run this on Linux");
  }
  return readFileSync(`/proc/${file}`, "utf8");
}
