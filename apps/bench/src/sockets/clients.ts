import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { ownProgram } from "../places.ts";
import { onExit } from "../processes/clean-up.ts";

/** How clients that say nothing fared. */
export interface ClientFacts {
  readonly open: number;
  /** How often they were asked whether they are there. */
  readonly pings: number;
  readonly lost: number;
}

/** Clients in a process of their own that are all there. */
export interface Clients {
  /** Lets them go; tells how they fared. */
  end(): Promise<ClientFacts>;
}

/** Connects `count` clients from a process of their own; comes back when all of them are there. */
export async function connectClients(port: string, token: string, count: number): Promise<Clients> {
  const child = spawn(process.execPath, [ownProgram("sockets-child"), port, String(count)], {
    stdio: ["pipe", "pipe", "inherit"],
    // Not among its words, which everybody on the machine can read.
    env: { ...process.env, SOCKETS_TOKEN: token },
  });
  const forget = onExit(() => child.kill("SIGKILL"));
  const ended = once(child, "close");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<ClientFacts> => {
    const { done, value } = await lines.next();
    if (done === true) throw new Error("The clients ended before they were asked to");
    return JSON.parse(value) as ClientFacts;
  };
  await next();
  return {
    async end() {
      child.stdin.end("end\n");
      const facts = await next();
      await ended;
      forget();
      return facts;
    },
  };
}
