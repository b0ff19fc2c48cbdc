import { mkdir, readdir, watch } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startHermes, type Hermes } from "./cli/hermes.ts";
import { startTalking } from "./chat/start-talking.ts";
import { temporaryHome } from "./temporary-home.ts";

const config = { "config.yaml": "server: { port: 0 }\n" };

async function chat(
  home: string,
  input: string,
  environment: Readonly<Record<string, string>> = {},
  ...parts: readonly string[]
) {
  const hermes = startHermes(["chat", ...parts], { home, input, environment });
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
    expect(output).toContain("owner");
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

  it("says what stands on the command line, and reads nothing then", async () => {
    const home = await temporaryHome(config);
    expect(await chat(home, "not read", {}, "hi there")).toEqual({ code: 0, output: "echo: hi there", errors: "" });
  });

  it("keeps conversations of other names apart, and begins new ones", async () => {
    const home = await temporaryHome(config);
    await serve(home);
    await chat(home, "one", {}, "--session", "holidays");
    await chat(home, "two", {}, "--new");
    const list = startHermes(["sessions", "list", "--json"], { home, input: "" });
    expect(await list.ended()).toBe(0);
    const { sessions } = JSON.parse(list.output()) as { readonly sessions: readonly { readonly session_key: string }[] };
    expect(sessions.map(({ session_key }) => session_key)).toEqual([
      expect.stringMatching(/^agent:main:web:dm:owner\.[0-9a-f]{10}$/u) as unknown,
      "agent:main:web:dm:owner.holidays",
    ]);
  });

  it("refuses more than a message may have, with exit code 78", async () => {
    const { code, output, errors } = await chat(await temporaryHome(config), "x".repeat(200_001));
    expect([code, output]).toEqual([78, ""]);
    expect(errors).toBe("A message has at most 200,000 characters; this one has more.");
  });

  it("takes as much as a message may have", async () => {
    const { code, output } = await chat(await temporaryHome(config), `${"lines of 20 letters\n".repeat(10_000)}\n`);
    expect([code, output.length]).toEqual([0, 200_005]);
  });

  it("ends with 75 and says why where the answer was interrupted", async () => {
    const home = await temporaryHome(config);
    await startTalking(home);
    const hermes = startHermes(["chat", "hang"], { home, input: "" });
    await hermes.line(/Hanging/u);
    hermes.process.kill("SIGINT");
    expect(await hermes.ended()).toBe(75);
    expect([hermes.output(), hermes.errors()]).toEqual(["Hanging.\n\nStill", "The answer was interrupted."]);
  });

  it("hears the end of an answer over a restart of the gateway, and says nothing twice", async () => {
    const home = await temporaryHome(config);
    const first = await startTalking(home);
    const hermes = startHermes(["chat", "once"], { home, input: "" });
    await hermes.line(/Begun/u);
    first.process.kill("SIGKILL");
    await first.ended();
    await startTalking(home);
    expect([await hermes.ended(), hermes.output(), hermes.errors()]).toEqual([0, "Begun.\n\nStill ended.", ""]);
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
