import type { AgentEvent, AgentFunction, OutboundFile } from "@hermes/core";
import { text } from "@hermes/core";
import { createMemoryStore, type FileShelf } from "@hermes/runtime";
import { describe, expect, it } from "vitest";
import { createAblePlatform, type AblePlatform } from "./able-platform.ts";
import { createMemoryShelf } from "../src/media/file-shelf.ts";
import { forever, mortal } from "./mortal.ts";
import { startGateway } from "./set-up.ts";

function file(name: string, kind: OutboundFile["kind"] = "file", content = `bytes of ${name}`): OutboundFile {
  return { kind, name, mimeType: "text/plain", sizeBytes: content.length, open: async () => new Blob([content]).stream() };
}

/** Files in a map: what a folder is to a gateway. */
function createShelf(): FileShelf & { readonly contents: Map<string, string> } {
  const contents = new Map<string, string>();
  return {
    contents,
    async keep(given) {
      const content = await new Response(await given.open()).text();
      contents.set(`kept:${content}`, content);
      return { key: `kept:${content}`, sizeBytes: content.length };
    },
    async open(key) {
      const content = contents.get(key);
      if (content === undefined) throw new Error("It is gone");
      return new Blob([content]).stream();
    },
  };
}

async function answering(chat: AblePlatform, ...events: readonly AgentEvent[]) {
  const bench = await startGateway({
    chat,
    agent: async function* () {
      yield* events;
    },
  });
  await chat.says("go");
  await bench.clock.advance(5000);
  await bench.gateway.idle();
  return bench;
}

describe("A file of an answer", () => {
  it("is sent with its bytes and its caption, between what was said before it and after it", async () => {
    const chat = createAblePlatform();
    await answering(chat, text("Here it is."), { type: "file", file: file("a.txt"), caption: "the *notes*" }, text("Enjoy."));
    expect(chat.texts()).toEqual(["Here it is.", "<a.txt> the *notes*", "Enjoy."]);
    expect(chat.sent[1]?.files).toEqual([{ name: "a.txt", kind: "file", content: "bytes of a.txt" }]);
  });

  it("has a caption that is too long behind it, as a text", async () => {
    const chat = createAblePlatform();
    await answering(chat, { type: "file", file: file("a.txt"), caption: "word ".repeat(20) });
    expect(chat.texts()).toEqual(["<a.txt>", "word ".repeat(20).trim()]);
  });

  it("goes as a file like any other where its kind is not taken", async () => {
    const chat = createAblePlatform();
    await answering(chat, { type: "file", file: file("song.ogg", "voice") });
    expect(chat.sent[0]?.files).toMatchObject([{ kind: "file" }]);
  });

  it("is told of where it is larger than the platform takes, or its bytes cannot be had", async () => {
    const chat = createAblePlatform();
    const broken: OutboundFile = { ...file("broken.txt"), open: async () => Promise.reject(new Error("no such file")) };
    const { log } = await answering(
      chat,
      { type: "file", file: { ...file("huge.bin"), sizeBytes: 1001 } },
      { type: "file", file: broken },
      text("That was all."),
    );
    expect(chat.texts()).toEqual([
      "The file `huge.bin` cannot be sent here.",
      "The file `broken.txt` cannot be sent here.",
      "That was all.",
    ]);
    expect(log.filter((line) => line.startsWith("error"))).toEqual([]);
  });

  it("is told of where the platform refuses it after all", async () => {
    const chat = createAblePlatform();
    chat.refuseFiles(1);
    await answering(chat, { type: "file", file: file("a.txt") }, text("Done."));
    expect(chat.texts()).toEqual(["The file `a.txt` cannot be sent here.", "Done."]);
  });

  it("leaves its caption as a text where the platform refuses it after all", async () => {
    const chat = createAblePlatform();
    chat.refuseFiles(1);
    await answering(chat, { type: "file", file: file("a.txt"), caption: "The answer is 42." }, text("Done."));
    expect(chat.texts()).toEqual(["The file `a.txt` cannot be sent here.", "The answer is 42.", "Done."]);
  });

  it("that never comes to its end holds up nobody who stops the answer", async () => {
    const chat = createAblePlatform();
    const endless: OutboundFile = { ...file("endless.bin"), open: async () => new ReadableStream({ pull: () => forever() }) };
    const { gateway, clock } = await startGateway({
      chat,
      files: createShelf(),
      agent: async function* (turn) {
        if (turn.input[0].text === "hello") return yield text("Hello.");
        yield text("Here it is.");
        yield { type: "file", file: endless };
      },
    });
    await chat.says("go");
    await clock.advance(1000);
    await chat.says("/stop");
    await clock.advance(5000);
    await chat.says("hello");
    await clock.advance(5000);
    expect(chat.texts()).toEqual(["Here it is.", expect.stringContaining("Stopped"), "Hello."]);
    await gateway.idle();
  });

  it("cannot name itself into another folder", async () => {
    const chat = createAblePlatform();
    await answering(chat, { type: "file", file: file("../../etc/pass\u0000wd\u202E") });
    expect(chat.sent[0]?.files).toMatchObject([{ name: "passwd" }]);
  });
});

describe("An album", () => {
  it("is put together as far as the platform does", async () => {
    const chat = createAblePlatform();
    const files = [file("1.png", "image"), file("2.png", "image"), file("3.png", "image"), file("4.txt")];
    await answering(chat, { type: "album", files, caption: "Four" });
    expect(chat.texts()).toEqual(["<1.png> <2.png> Four", "<3.png>", "<4.txt>"]);
  });
});

describe("Files of a process without a folder for them", () => {
  it("are there until they were sent, however many they are, and the latest of those still", async () => {
    const files = createMemoryShelf();
    const never = new AbortController().signal;
    const keys: string[] = [];
    for (let index = 0; index < 2000; index += 1) keys.push((await files.keep(file(`${index}`), never)).key);
    for (const [index, key] of keys.entries()) expect(await new Response(await files.open(key)).text()).toBe(`bytes of ${index}`);
    await files.open(keys.at(-1) ?? "");
    await expect(files.open(keys[0] ?? "")).rejects.toThrow("not kept any more");
  });
});

describe("A file that was on its way when the process ended", () => {
  const interrupted = "I was restarted while I was answering. /retry lets me answer again.";
  const sends: AgentFunction = async function* () {
    yield { type: "file", file: file("a.txt"), caption: "notes" };
    await forever();
  };

  async function crashing(chat: AblePlatform): Promise<readonly string[]> {
    const store = createMemoryStore();
    const files = createShelf();
    const first = mortal(store);
    const before = await startGateway({ chat, agent: sends, store: first.store, files });
    await chat.says("go");
    await before.clock.advance(500);
    first.end();
    const after = await startGateway({ chat, agent: sends, store, files, clock: before.clock });
    await after.clock.advance(60_000);
    await after.gateway.idle();
    return chat.texts();
  }

  it("and had arrived is not sent again", async () => {
    expect(await crashing(createAblePlatform())).toEqual(["<a.txt> notes", interrupted]);
  });

  it("and may not have been taken is sent again with a mark", async () => {
    const chat = createAblePlatform();
    chat.fail({ on: "send", failure: { kind: "unavailable" }, acted: false });
    expect(await crashing(chat)).toEqual([expect.stringMatching(/^<a\.txt> .+notes$/su), interrupted]);
  });

  it("and was taken, although nobody heard of it, is sent again with a mark", async () => {
    const chat = createAblePlatform();
    chat.fail({ on: "send", failure: { kind: "unavailable" }, acted: true });
    const texts = await crashing(chat);
    expect(texts).toEqual(["<a.txt> notes", expect.stringMatching(/^<a\.txt> .+notes$/su), interrupted]);
  });

  it("is sent once where the platform drops repetitions", async () => {
    const chat = createAblePlatform({ idempotentSend: true }, { idempotentSend: true });
    chat.fail({ on: "send", failure: { kind: "unavailable" }, acted: true });
    expect(await crashing(chat)).toEqual(["<a.txt> notes", interrupted]);
  });
});

describe("What is shown in a chat", () => {
  it("comes no faster than the platform takes it, and progress leaves room for what is final", async () => {
    const chat = createAblePlatform({ pace: { perChat: { calls: 10, perMs: 60_000 } } });
    const { clock, gateway } = await startGateway({
      chat,
      agent: async function* (turn) {
        for (let piece = 0; piece < 30; piece += 1) {
          yield text(`piece ${piece} `);
          await new Promise<void>((resolve) => clock.wakeAt(clock.now() + 1000, resolve));
        }
        yield text(`end of ${turn.input[0].text}`);
      },
    });
    await chat.says("one");
    await clock.advance(100_000);
    await gateway.idle();
    // Six edits behind the first message, and then the last one, which finds room.
    expect(chat.sent.length + chat.edits.length).toBe(8);
    expect(chat.texts()[0]).toContain("end of one");
  });
});
