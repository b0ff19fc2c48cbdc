import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFakeClock } from "@hermes/testkit";
import { describe, expect, it, vi } from "vitest";
import { temporaryFolder, testContext, testHost, testTools, testTurn } from "./context.ts";

const terminalIn = (root: string, terminal: object = {}, host = testHost(root)) =>
  testTools({ roots: [root], terminal }, host, ["terminal"]);

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A process that has ended and whom nobody waited for yet is still counted: it does nothing any more.
    return !/^\d+ \(.*\) Z/u.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

describe("The terminal", () => {
  it("says what a command printed and how it ended", async () => {
    using folder = temporaryFolder();
    await using tools = terminalIn(folder.path);
    const good = await tools.call("terminal", { command: "echo out; echo err >&2; pwd" });
    expect(good).toMatchObject({ outcome: "done", summary: "exit code 0" });
    expect(good.text).toContain("out");
    expect(good.text).toContain("err");
    expect(good.text).toContain(folder.path);
    expect(await tools.call("terminal", { command: "exit 3" })).toMatchObject({ outcome: "failed", summary: "exit code 3" });
  });

  it("is not there without roots, and belongs to its set alone", async () => {
    using folder = temporaryFolder();
    await using none = testTools({}, testHost(folder.path), []);
    expect(await none.tools("terminal", "files")).toEqual([]);
    await using tools = terminalIn(folder.path);
    expect(await tools.tools("web", "files")).not.toContainEqual(expect.objectContaining({ name: "terminal" }));
  });

  it("gives the model's input back with what is wrong with it", async () => {
    using folder = temporaryFolder();
    await using tools = terminalIn(folder.path);
    const [terminal] = await tools.tools("terminal");
    expect(terminal?.read({ command: 5 })).toMatch(/The input of terminal does not fit\. `command`: /u);
    expect(terminal?.read({ command: "ls", timeout_seconds: 601 })).toMatch(/timeout_seconds/u);
    expect(terminal?.read({ command: "ls", more: 1 })).toMatch(/more/u);
    expect(terminal?.read({ command: "ls -la" })).toMatchObject({ title: "ls -la", effect: "once" });
  });

  it("class 27: passes nothing of the gateway's environment on", async () => {
    using folder = temporaryFolder();
    vi.stubEnv("SECRET_OF_THE_GATEWAY", "1234");
    try {
      await using tools = terminalIn(folder.path, { environment: { PATH: "/usr/bin:/bin", GREETING: "hello" } });
      const { text } = await tools.call("terminal", { command: "/usr/bin/env" });
      expect(text).toContain("GREETING=hello");
      expect(text).not.toContain("SECRET_OF_THE_GATEWAY");
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("class 31: works only inside its roots, wherever links lead", async () => {
    using outside = temporaryFolder();
    using folder = temporaryFolder();
    symlinkSync(outside.path, join(folder.path, "link"));
    mkdirSync(join(folder.path, "inside"));
    await using tools = terminalIn(folder.path);
    expect(await tools.call("terminal", { command: "pwd", workdir: "inside" })).toMatchObject({ outcome: "done" });
    for (const workdir of ["link", "..", outside.path, "/", "~", "//host/share", "nowhere", "inside\0"]) {
      expect(await tools.call("terminal", { command: "pwd", workdir }), workdir).toMatchObject({ outcome: "failed" });
    }
  });

  it("shows the beginning and the end of what is long, without colours and control characters", async () => {
    using folder = temporaryFolder();
    await using tools = terminalIn(folder.path);
    writeFileSync(join(folder.path, "long.txt"), `begin\n${"x".repeat(3_000_000)}\nend`);
    const long = await tools.call("terminal", { command: "cat long.txt" });
    expect(long.text.length).toBeLessThan(31_000);
    expect(long.text).toMatch(/begin[^]*left out[^]*end/u);
    const coloured = await tools.call("terminal", {
      command: String.raw`printf '\033[31mred\033[0m \033]0;title\007 x\bz \342\200\256'`,
    });
    expect(coloured.text).toContain("red  xz");
    const binary = await tools.call("terminal", { command: String.raw`printf 'a\000b'` });
    expect(binary.text).toContain("3 bytes that are no text");
  });

  it("ends a command whose time is over, with everything that it started", async () => {
    using folder = temporaryFolder();
    const clock = createFakeClock();
    await using tools = terminalIn(folder.path, {}, testHost(folder.path, { clock }));
    const call = tools.call(
      "terminal",
      { command: "sleep 600 & echo $! > pid; wait", timeout_seconds: 5 },
      testContext({ approves: true }),
    );
    const pid = await vi.waitFor(() => pidIn(join(folder.path, "pid")));
    await clock.advance(5000);
    expect(await call).toMatchObject({ outcome: "failed", summary: "timed out" });
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
  });

  it("kills a command that does not heed the first sign", async () => {
    using folder = temporaryFolder();
    const clock = createFakeClock();
    await using tools = terminalIn(folder.path, {}, testHost(folder.path, { clock }));
    const command = "trap '' TERM; echo $$ > pid; while true; do sleep 1; done";
    const call = tools.call("terminal", { command, timeout_seconds: 5 }, testContext({ approves: true }));
    const pid = await vi.waitFor(() => pidIn(join(folder.path, "pid")));
    await clock.advance(5000);
    expect(isAlive(pid)).toBe(true);
    await clock.advance(1000);
    expect(await call).toMatchObject({ summary: "timed out" });
    expect(isAlive(pid)).toBe(false);
  });

  it("rejects when the turn is stopped, and nothing of the command goes on", async () => {
    using folder = temporaryFolder();
    await using tools = terminalIn(folder.path);
    const stop = new AbortController();
    const context = testContext({ turn: testTurn({ signal: stop.signal }), approves: true });
    const call = tools.call("terminal", { command: "echo $$ > pid; sleep 600" }, context);
    const pid = await vi.waitFor(() => pidIn(join(folder.path, "pid")));
    stop.abort("stop");
    await expect(call).rejects.toBe("stop");
    expect(isAlive(pid)).toBe(false);
  });

  it("waits for nothing that holds the output open, and leaves nothing behind", async () => {
    using folder = temporaryFolder();
    await using tools = terminalIn(folder.path);
    const ended = await tools.call(
      "terminal",
      { command: "sleep 600 & echo $! > pid; echo started" },
      testContext({ approves: true }),
    );
    expect(ended.text).toContain("started");
    await vi.waitFor(() => expect(isAlive(pidIn(join(folder.path, "pid")))).toBe(false));
  });

  it("runs nothing any more after it was closed", async () => {
    using folder = temporaryFolder();
    const tools = terminalIn(folder.path);
    const call = tools.call("terminal", { command: "echo $$ > pid; sleep 600" }, testContext({ approves: true }));
    const pid = await vi.waitFor(() => pidIn(join(folder.path, "pid")));
    await tools[Symbol.asyncDispose]();
    expect(isAlive(pid)).toBe(false);
    expect(await call).toMatchObject({ outcome: "failed", summary: "ended" });
  });
});

describe("The approval of commands", () => {
  it("class 21: shows a person the whole command and where it is run", async () => {
    using folder = temporaryFolder();
    await using tools = terminalIn(folder.path);
    const context = testContext({ approves: true });
    mkdirSync(join(folder.path, "build"));
    const command = `rm -rf build${" x".repeat(500)}`;
    expect(await tools.call("terminal", { command }, context)).toMatchObject({ outcome: "done" });
    expect(context.asked).toEqual([
      { reason: "Runs a command that deletes files.", exact: `${command}\n(in ${folder.path})`, remember: "terminal:delete" },
    ]);
  });

  it.each([
    "echo x > page.txt",
    "cp new.txt page.txt",
    "echo x > fresh.txt",
    "tee docs/page.txt < new.txt",
    "cd docs && touch more.txt",
    "cd inner/docs; rm page.txt",
    "cat harmless.txt",
  ])("class 31: asks before %s where a link leads out of the roots, or to a secret", async (command) => {
    using outside = temporaryFolder();
    using folder = temporaryFolder();
    writeFileSync(join(outside.path, "page.txt"), "as it was");
    writeFileSync(join(folder.path, "new.txt"), "new");
    writeFileSync(join(folder.path, ".env"), "KEY=1");
    mkdirSync(join(folder.path, "inner"));
    symlinkSync(join(outside.path, "page.txt"), join(folder.path, "page.txt"));
    symlinkSync(join(outside.path, "not-there.txt"), join(folder.path, "fresh.txt"));
    symlinkSync(outside.path, join(folder.path, "docs"));
    symlinkSync("../docs", join(folder.path, "inner", "docs"));
    symlinkSync(".env", join(folder.path, "harmless.txt"));
    await using tools = terminalIn(folder.path);
    const context = testContext();
    expect(await tools.call("terminal", { command }, context)).toMatchObject({ outcome: "denied" });
    expect(context.asked).toHaveLength(1);
    expect(readFileSync(join(outside.path, "page.txt"), "utf8")).toBe("as it was");
  });

  it("runs nothing that was not approved", async () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, "build"));
    await using tools = terminalIn(folder.path);
    expect(await tools.call("terminal", { command: "rm -rf build && touch ran" })).toEqual({
      outcome: "denied",
      text: "Ada said no.",
    });
    expect(await tools.call("terminal", { command: "ls" })).toMatchObject({ text: expect.stringMatching(/build\n<\//u) });
  });

  it("class 25: what is remembered covers no other danger", async () => {
    using folder = temporaryFolder();
    await using tools = terminalIn(folder.path);
    const rememberedOf = async (command: string) => {
      const context = testContext();
      await tools.call("terminal", { command }, context);
      return context.asked.map(({ remember }) => remember);
    };
    expect(await rememberedOf("rm -rf build")).toEqual(["terminal:delete"]);
    expect(await rememberedOf("rm -rf /")).toEqual([undefined]);
    expect(await rememberedOf("rm -rf build && git reset --hard")).toEqual([undefined]);
    expect(await rememberedOf("r''m -rf build")).toEqual([undefined]);
    expect(await rememberedOf("sudo ls")).toEqual([undefined]);
  });

  it("asks always, or never and refuses, where that is configured", async () => {
    using folder = temporaryFolder();
    await using careful = terminalIn(folder.path, { approval: "always" });
    const context = testContext({ approves: true });
    await careful.call("terminal", { command: "ls" }, context);
    expect(context.asked).toMatchObject([{ remember: "terminal:harmless" }]);
    await using strict = terminalIn(folder.path, { approval: "never-run-dangerous" });
    const unasked = testContext({ approves: true });
    expect(await strict.call("terminal", { command: "rm -rf x" }, unasked)).toMatchObject({
      outcome: "denied",
      text: "The command deletes files: that is never run here.",
    });
    expect(unasked.asked).toEqual([]);
  });

  it("does not ask about commands that the configuration allows, and about all that is hung onto them", async () => {
    using folder = temporaryFolder();
    await using tools = terminalIn(folder.path, { approval: "always", allow: ["echo a; echo b", ["git", "status"]] });
    const asks = async (command: string) => {
      const context = testContext();
      await tools.call("terminal", { command }, context);
      return context.asked.length === 1;
    };
    expect(await asks("echo a; echo b")).toBe(false);
    expect(await asks("git status --short")).toBe(false);
    for (const command of [
      "echo a; echo b ",
      "git status; ls",
      "git status $(ls)",
      "git status > x",
      "git  stash",
      "(git status)",
      "git",
    ]) {
      expect(await asks(command), command).toBe(true);
    }
  });
});

function pidIn(path: string): number {
  const pid = Number(readFileSync(path, "utf8"));
  if (!Number.isInteger(pid) || pid <= 0) throw new Error("not written yet");
  return pid;
}
