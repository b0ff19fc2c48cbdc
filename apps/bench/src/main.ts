import { loadavg, availableParallelism } from "node:os";
import { benchmarks, onRequest } from "./benchmarks.ts";
import { buildGateway } from "./build.ts";
import { help, readCommand, UsageError, type Command } from "./command-line.ts";
import { printed, summary } from "./report/print.ts";
import type { Report } from "./report/report.ts";

try {
  const command = readCommand(process.argv.slice(2), Object.keys(benchmarks));
  if (command.help) process.stdout.write(help);
  else await run(command);
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(`${isUsage ? `${error.message}\n\n${help}` : describe(error)}\n`);
  process.exitCode = isUsage ? 2 : 1;
}

async function run({ benchmarks: chosen, settings, json, build }: Command): Promise<void> {
  if (build) await buildGateway();
  const machine = { node: process.version, cores: availableParallelism(), load: loadavg()[0] ?? 0 };
  const reports = new Map<string, Report>();
  if (!json)
    process.stdout.write(`Node ${machine.node}, ${machine.cores} cores, load ${machine.load.toFixed(2)} before the run\n`);
  for (const [name, benchmark] of Object.entries(benchmarks)) {
    if (chosen.length > 0 ? !chosen.includes(name) : onRequest.has(name)) continue;
    const report = await benchmark(settings, (line) => process.stderr.write(`${name}: ${line}\n`)).catch((error: unknown) => {
      // What the others find is worth having.
      process.stderr.write(`${name} could not be measured: ${describe(error)}\n`);
      process.exitCode = 1;
    });
    if (report === undefined) continue;
    reports.set(name, report);
    if (!json) process.stdout.write(printed(name, report));
  }
  if (json) process.stdout.write(`${JSON.stringify({ machine, ...Object.fromEntries(reports) }, undefined, 2)}\n`);
  else process.stdout.write(summary(reports));
  if ([...reports.values()].some(({ goals }) => goals.some(({ met, mustHold }) => mustHold === true && !met)))
    process.exitCode = 1;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
