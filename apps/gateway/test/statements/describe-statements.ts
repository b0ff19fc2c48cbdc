import { fork, type ChildProcess } from "node:child_process";
import { on, once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { startBotApiServer, type BotApiServer } from "../../../../packages/platform-telegram/test/server.ts";
import type { MortalSettings } from "../mortal-gateway.ts";

const program = fileURLToPath(new URL("../mortal-gateway.ts", import.meta.url));
const mark = "(This may be a repetition.)\n\n";
const ada = 42;
/** A report comes every 30 ms. */
const reportsAtRest = 5;

function start(api: BotApiServer, databasePath: string, killAt: number): ChildProcess {
  const settings: MortalSettings = { databasePath, apiRoot: api.apiRoot, token: api.token, killAt };
  return fork(program, [JSON.stringify(settings)], {
    execArgv: ["--conditions=@hermes/source"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill("SIGTERM");
    await once(child, "exit");
  }
}

/** Resolves once `condition` holds and the process has gone on without a single statement for a while. */
async function restsAfter(child: ChildProcess, condition: () => boolean): Promise<void> {
  let previous = -1;
  let still = 0;
  for await (const [report] of on(child, "message") as AsyncIterable<[{ readonly count: number }]>) {
    still = condition() && report.count === previous ? still + 1 : 0;
    previous = report.count;
    if (still >= reportsAtRest) return;
  }
}

/** One message in a process that ends before its statement `killAt`, and what the next process makes of it. */
async function liveTwice(killAt: number): Promise<{ readonly wasKilled: boolean; readonly answers: readonly string[] }> {
  const folder = mkdtempSync(join(tmpdir(), "hermes-kill-"));
  const databasePath = join(folder, "hermes.db");
  const api = await startBotApiServer({ validate: false });
  try {
    api.say("hello");
    const first = start(api, databasePath, killAt);
    const exited = once(first, "exit").then(() => true);
    const outlived = restsAfter(first, () => api.texts(ada, "bot").length > 0).then(() => false);
    const wasKilled = await Promise.race([exited, outlived]);
    if (!wasKilled) {
      await end(first);
      return { wasKilled: first.signalCode === "SIGKILL", answers: api.texts(ada, "bot") };
    }
    const second = start(api, databasePath, 0);
    await restsAfter(second, () => api.texts(ada, "bot").length > 0);
    await end(second);
    return { wasKilled, answers: api.texts(ada, "bot") };
  } finally {
    await api.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** While one process starts, another waits for its disk. */
const atATime = 3;

/** Every second statement, from this one on: all of them take longer than one file should. */
export function describeStatements(first: 1 | 2): void {
  const which = first === 1 ? "first, third, fifth" : "second, fourth, sixth";
  it(`A gateway that is killed before the ${which} … statement of a message's life answers it, once or the second time with a mark`, async () => {
    let next: number = first;
    let outlived = 200;
    let doubles = 0;
    const take = (): number => {
      next += 2;
      return next - 2;
    };
    const work = async (): Promise<void> => {
      for (let killAt = take(); killAt < outlived; killAt = take()) {
        const { wasKilled, answers } = await liveTwice(killAt);
        if (answers.length === 1) expect(answers[0]?.replace(mark, ""), `statement ${killAt}`).toBe("echo: hello");
        else expect(answers, `statement ${killAt}`).toEqual(["echo: hello", `${mark}echo: hello`]);
        doubles += answers.length - 1;
        if (!wasKilled) outlived = Math.min(outlived, killAt);
      }
    };
    await Promise.all(Array.from({ length: atATime }, work));
    expect(outlived).toBeGreaterThan(20);
    expect(outlived).toBeLessThan(200);
    // Only a kill between the send and the note of it can repeat anything.
    expect(doubles).toBeGreaterThan(0);
    expect(doubles).toBeLessThan(4);
  }, 240_000);
}
