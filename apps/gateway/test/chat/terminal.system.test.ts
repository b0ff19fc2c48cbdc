import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryHome } from "../temporary-home.ts";
import { onTerminal } from "./on-terminal.ts";
import { startTalking } from "./start-talking.ts";

const config = { "config.yaml": "server: { port: 0 }\n" };
const restored = "\u001B[?2004l";
const idle = /\n›$/u;

describe.runIf(existsSync("/usr/bin/script") && process.platform === "linux")("hermes chat on a terminal", () => {
  it("answers, asks once at Ctrl-C, and leaves at the second with the terminal as it was", async () => {
    const home = await temporaryHome(config);
    const chat = onTerminal("chat", home);
    expect(await chat.shows(/\n›$/u)).toContain("the agent answers inside this process");
    chat.type("hello\r");
    expect(await chat.shows(/› hello\n\necho: hello\n\n›$/u)).toContain("Ctrl-C interrupts");
    chat.type("half");
    await chat.shows(/› half$/u);
    chat.type("\u0003");
    await chat.shows(idle);
    chat.type("\u0003");
    await chat.shows(/Ctrl-C again or Ctrl-D leaves$/u);
    chat.type("\u0003");
    expect(await chat.ended()).toBe(0);
    expect(chat.written()).toContain(restored);
    expect(await readFile(join(home, "gateway", "chat-history"), "utf8")).toBe("hello\n");
  });

  it("shows what was said before, and goes back in what was entered before", async () => {
    const home = await temporaryHome(config);
    const first = onTerminal("chat", home);
    await first.shows(idle);
    first.type("hello\r");
    await first.shows(/echo: hello\n\n›$/u);
    first.type("\u0004");
    expect(await first.ended()).toBe(0);
    const second = onTerminal("chat", home);
    await second.shows(/› hello\n\necho: hello\n\n›$/u);
    second.type("\u001B[A");
    await second.shows(/\n› hello$/u);
    second.type("\u0015\u0004");
    expect(await second.ended()).toBe(0);
  });

  it("takes several lines that are pasted as one message", async () => {
    const chat = onTerminal("chat", await temporaryHome(config));
    await chat.shows(idle);
    chat.type("\u001B[200~one\rtwo\u001B[201~\r");
    await chat.shows(/› one\n {2}two\n\necho: one\ntwo\n\n›$/u);
    chat.type("\u0004");
    expect(await chat.ended()).toBe(0);
  });

  it("interrupts the answer that runs at Ctrl-C, and goes on", async () => {
    const home = await temporaryHome(config);
    await startTalking(home);
    const chat = onTerminal("chat", home);
    await chat.shows(idle);
    chat.type("hang\r");
    await chat.shows(/Still[^]*working/u);
    chat.type("\u0003");
    await chat.shows(/Hanging\.\n\nStill\n\n\(interrupted\)[^]*\n›$/u);
    chat.type("say **well**\r");
    await chat.shows(/\nwell\n\n›$/u);
    chat.type("\u0004");
    expect(await chat.ended()).toBe(0);
  });

  it("takes what is typed ahead, and the answer to a question of the agent", async () => {
    const home = await temporaryHome(config);
    await startTalking(home);
    const chat = onTerminal("chat", home);
    await chat.shows(idle);
    chat.type("count 20\rask\r");
    await chat.shows(/Line 20 of the answer\.\n\n› ask\n\nWhere to\?[^]*›$/u);
    chat.type("Paris\r");
    const text = await chat.shows(/Where to\?\n\n› Paris\n\nOff to Paris\.\n\n›$/u);
    expect(text.match(/Line \d+ of/gu)).toHaveLength(20);
    chat.type("\u0004");
    expect(await chat.ended()).toBe(0);
  });

  it("goes on in a terminal of another size", async () => {
    const home = await temporaryHome(config);
    await startTalking(home);
    const chat = onTerminal("chat", home);
    await chat.shows(idle);
    chat.type("count 60\r");
    await chat.shows(/Line 20 /u);
    chat.resize(60, 10);
    await chat.shows(/Line 60 of the answer\.\n\n›$/u);
    const answer = "one two three four five six seven eight nine ten";
    chat.resize(30, 10);
    chat.type(`say ${answer}\r`);
    await chat.shows(/\none two three four five six\nseven eight nine ten\n\n›$/u);
    chat.type("\u0004");
    expect(await chat.ended()).toBe(0);
  });

  it("comes back to a gateway that was killed and started again, and sends what was said meanwhile once", async () => {
    const home = await temporaryHome(config);
    const gateway = await startTalking(home);
    const chat = onTerminal("chat", home);
    await chat.shows(idle);
    chat.type("say before\r");
    await chat.shows(/\nbefore\n\n›$/u);
    gateway.process.kill("SIGKILL");
    await chat.shows(/connection lost, reconnecting/u);
    chat.type("say meanwhile\r");
    await chat.shows(/› say meanwhile/u);
    await startTalking(home);
    const text = await chat.shows(/› say meanwhile\n\nmeanwhile\n\n›$/u);
    expect(text).not.toContain("reconnecting");
    expect(text.match(/› say meanwhile/gu)).toHaveLength(1);
    chat.type("\u0004");
    expect(await chat.ended()).toBe(0);
  });

  it("leaves at Ctrl-C where nobody is there to come back to", async () => {
    const home = await temporaryHome(config);
    const gateway = await startTalking(home);
    const chat = onTerminal("chat", home);
    await chat.shows(idle);
    gateway.process.kill("SIGKILL");
    await chat.shows(/reconnecting/u);
    chat.type("\u0003");
    expect(await chat.ended()).toBe(0);
  });

  it("gives the terminal back when it is told to end", async () => {
    const chat = onTerminal("chat", await temporaryHome(config));
    await chat.shows(idle);
    chat.kill("SIGTERM");
    expect(await chat.ended()).toBe(143);
    expect(chat.written()).toContain(restored);
  });

  it("redraws nothing with --plain and on a terminal that knows no more", async () => {
    for (const [parts, environment] of [
      ["chat --plain", {}],
      ["chat", { TERM: "dumb" }],
    ] as const) {
      const chat = onTerminal(parts, await temporaryHome(config), environment);
      await chat.shows(/^>$/mu);
      chat.type("**hello**\n");
      await chat.shows(/echo: \*\*hello\*\*\n>$/u);
      chat.type("\u0004");
      expect(await chat.ended()).toBe(0);
      expect(chat.written()).not.toContain("\u001B");
    }
  });

  it("has no colours with NO_COLOR", async () => {
    const chat = onTerminal("chat", await temporaryHome(config), { NO_COLOR: "1" });
    await chat.shows(idle);
    chat.type("**hello**\r");
    await chat.shows(/echo: \*\*hello\*\*\n\n›$/u);
    chat.type("\u0004");
    expect(await chat.ended()).toBe(0);
    expect(
      chat
        .written()
        .split("\u001B")
        .filter((piece) => /^\[[\d;]*m/u.test(piece)),
    ).toEqual([]);
  });
});
