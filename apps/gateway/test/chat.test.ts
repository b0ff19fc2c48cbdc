import { mkdir, readdir, watch } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startHermes, type Hermes } from "./cli/hermes.ts";
import { temporaryHome } from "./temporary-home.ts";

const config = { "config.yaml": "server: { port: 0 }\n" };

async function chat(home: string, input: string, environment: Readonly<Record<string, string>> = {}) {
  const hermes = startHermes(["chat"], { home, input, environment });
  return { code: await hermes.ended(), output: hermes.output(), errors: hermes.errors() };
}

async function serve(home: string): Promise<Hermes> {
  const hermes = startHermes(["gateway", "run"], { home });
  await hermes.line(/ready/u);
  return hermes;
}

describe("hermes chat in a pipe", () => {
  it("answers inside this process where no gateway serves the home", async () => {
    expect(await chat(await temporaryHome(config), "hi\n")).toEqual({ code: 0, output: "echo: hi", errors: "" });
  });

  it("answers through the gateway that serves the home", async () => {
    const home = await temporaryHome(config);
    await serve(home);
    expect(await chat(home, "hi\n")).toEqual({ code: 0, output: "echo: hi", errors: "" });
  });

  it("takes all of its input as one message", async () => {
    expect((await chat(await temporaryHome(config), "one\ntwo\n\nthree\n")).output).toBe("echo: one\ntwo\n\nthree");
  });

  it("says nothing to nothing", async () => {
    expect(await chat(await temporaryHome(config), "  \n")).toEqual({ code: 0, output: "", errors: "" });
  });

  it("answers commands", async () => {
    const { code, output } = await chat(await temporaryHome(config), "/whoami");
    expect(code).toBe(0);
    expect(output).toContain("terminal:");
  });

  it("takes out what would steer the terminal", async () => {
    const { output } = await chat(await temporaryHome(config), "a\u001B]0;title\u0007b\u001B[31mc");
    expect(output).toBe("echo: abc");
  });

  it("goes on with the same conversation, whoever answers", async () => {
    const home = await temporaryHome(config);
    const conversation = async (): Promise<string | undefined> =>
      /Conversation: (\S+)/u.exec((await chat(home, "/status")).output)?.[1];
    await chat(home, "hello");
    const inside = await conversation();
    expect(inside).toBeDefined();
    expect(inside).not.toBe("none");
    await serve(home);
    expect(await conversation()).toBe(inside);
  });

  it("uses the configured token, and is told when the gateway does not take it", async () => {
    const home = await temporaryHome({ "config.yaml": "server: { port: 0, token: the-token-of-the-gateway }\n" });
    await serve(home);
    expect((await chat(home, "hi")).output).toBe("echo: hi");
    const { code, errors } = await chat(home, "hi", { HERMES_TOKEN: "another-token-than-that" });
    expect(code).toBe(78);
    expect(errors).toContain("does not take this token");
  });

  it("says who has the home while another chat has it", async () => {
    const home = await temporaryHome(config);
    const first = startHermes(["chat"], { home });
    await fileIn(join(home, "gateway"), "gateway.lock.json");
    const second = await chat(home, "hi");
    expect(second.code).toBe(78);
    expect(second.errors).toContain(`is served already by chat with pid ${first.process.pid}`);
    first.process.stdin.end("hello");
    expect([await first.ended(), first.output()]).toEqual([0, "echo: hello"]);
  });
});

/** Resolves once the file is there. */
async function fileIn(directory: string, name: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const watcher = watch(directory);
  const watching = watcher[Symbol.asyncIterator]();
  while (!(await readdir(directory)).includes(name)) await watching.next();
  await watching.return?.();
}
