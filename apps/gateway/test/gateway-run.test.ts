import { once } from "node:events";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startHermes, type Hermes } from "./cli/hermes.ts";
import { serve, serveHome, stop } from "./serve.ts";
import { temporaryHome } from "./temporary-home.ts";

/** A gateway with a request under way whose body never comes. */
async function serveSlowCaller(): Promise<{ hermes: Hermes; slow: Promise<unknown> }> {
  const { hermes, url, home } = await serve();
  const token = (await readFile(join(home, "gateway", "token"), "utf8")).trim();
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const request = fetch(`${url}/v1/messages`, { method: "POST", headers, body: new ReadableStream(), duplex: "half" });
  const slow = request.catch(() => undefined);
  await fetch(`${url}/healthz`);
  return { hermes, slow };
}

/** Every file of a directory with what is in it and when it was changed. */
async function snapshot(directory: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = async (file: string) =>
    [file.slice(directory.length + 1), `${(await stat(file)).mtimeMs} ${await readFile(file, "latin1")}`] as const;
  return Object.fromEntries(await Promise.all(files.map(read)));
}

describe("hermes gateway", () => {
  it("serves without any configuration, says so in one line and what to do next", async () => {
    const home = join(await temporaryHome(), "home");
    const hermes = startHermes(["gateway"], { home, environment: { HERMES_TOKEN: "a-token-for-tests-only" } });
    const ready = await Promise.race([hermes.line(/ready/u), hermes.errorLine(/server\.port/u)]);
    if (!ready.includes("ready")) {
      // Another program on the machine that runs the tests has the default port: then that is what must be said.
      expect(ready).toMatch(/Cannot listen on 127\.0\.0\.1:8642 \(server\.host, server\.port\).*choose another port/u);
      expect(await hermes.ended()).toBe(78);
      return;
    }
    expect(ready).toBe("Hermes Gateway ready at http://127.0.0.1:8642 (web)");
    expect(await hermes.line(/No platform/u)).toMatch(
      /No platform is configured yet\. Put .*TELEGRAM_BOT_TOKEN=… .* into .*\/home\/\.env and start again, or talk here: on the page, or with `hermes chat`/u,
    );
  });

  it("answers health and readiness, and ends cleanly with exit code 0 on SIGTERM and SIGINT", async () => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const { hermes, url } = await serve();
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      hermes.process.kill(signal);
      expect(await hermes.ended()).toBe(0);
      expect(hermes.errors()).toContain('"message":"Stopped"');
    }
  });

  it("keeps what it makes to its owner, and never touches the files of a Python Hermes in the same home", async () => {
    const python = {
      "state.db": "not ours",
      "sessions/sessions.json": "{}",
      "gateway.pid": '{"pid": 1}',
      "gateway_state.json": "{}",
      "channel_directory.json": "{}",
      "platforms/pairing/telegram-approved.json": "{}",
      "logs/gateway.log": "line",
      "cron/jobs.json": "[]",
    };
    const { hermes, home } = await serve(python);
    const before = await snapshot(home);
    await stop(hermes);
    const { hermes: again } = await serveHome(home);
    await stop(again);
    const after = await snapshot(home);
    for (const name of [...Object.keys(python), "config.yaml"]) expect(after[name]).toBe(before[name]);
    const made = Object.keys(after).filter((name) => !(name in python) && name !== "config.yaml");
    expect(made.filter((name) => !name.startsWith("gateway/") && !name.startsWith("locks/"))).toEqual([]);
    for (const name of made) expect([name, ((await stat(join(home, name))).mode & 0o777).toString(8)]).toEqual([name, "600"]);
    expect(((await stat(join(home, "gateway"))).mode & 0o777).toString(8)).toBe("700");
  });

  it("makes a home that is not there, for its owner only", async () => {
    const home = join(await temporaryHome(), "deep", "home");
    const port = await freePort();
    await mkdir(home, { recursive: true, mode: 0o700 });
    await writeFile(join(home, "config.yaml"), `server: { port: ${port} }`, { mode: 0o600 });
    const { url } = await serveHome(home);
    expect(url).toBe(`http://127.0.0.1:${port}`);
  });

  it("lets a caller that never comes to an end hold up a stop for a moment only", async () => {
    const { hermes, slow } = await serveSlowCaller();
    await stop(hermes);
    expect(hermes.errors()).toContain('"message":"Stopped"');
    await slow;
  });

  it("ends at once on a second signal", async () => {
    const { hermes, slow } = await serveSlowCaller();
    hermes.process.kill("SIGINT");
    await hermes.errorLine(/Stopping after SIGINT/u);
    await stop(hermes);
    expect(hermes.errors()).not.toContain('"message":"Stopped"');
    await slow;
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}
