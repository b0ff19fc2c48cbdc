import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PlatformError, type Attachment } from "@hermes/core";
import { describe, expect, it } from "vitest";
import { ReceivedFiles } from "../src/prompt/files.ts";
import { Conversation, said, startExample, temporaryFolder, textOf, type ConversationOptions } from "./turns.ts";

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly uri?: string;
  readonly name?: string;
  readonly data?: number;
  readonly mimeType?: string;
  readonly resource?: { readonly uri: string; readonly text: string };
}

function file(name: string, kind: Attachment["kind"], mimeType: string): Attachment {
  return { kind, ticket: name, name, mimeType };
}

async function blocksFor(
  attachments: readonly Attachment[],
  download: NonNullable<ConversationOptions["download"]>,
  args: readonly string[] = [],
) {
  const running = await startExample({}, { args });
  const conversation = new Conversation(running.agent, { download });
  const blocks = JSON.parse(textOf(await conversation.say("", { input: [said("prompt", "Ada", attachments)] }))) as Block[];
  return { ...running, conversation, blocks: blocks.slice(1) };
}

describe("Files that come with a message", () => {
  const bytes = () => new TextEncoder().encode("some words");

  it("are part of the prompt where the agent takes them so", async () => {
    const { blocks } = await blocksFor(
      [
        file("a.png", "image", "image/png"),
        file("b.ogg", "voice", "audio/ogg; codecs=opus"),
        file("c.txt", "file", "text/plain"),
      ],
      bytes,
    );
    expect(blocks).toMatchObject([
      { type: "image", mimeType: "image/png", data: 16 },
      { type: "audio", mimeType: "audio/ogg", data: 16 },
      { type: "resource", resource: { text: "some words" } },
    ]);
  });

  it("are links to files of this user alone where it does not, gone with the conversation", async () => {
    const { agent, conversation, blocks } = await blocksFor([file("../../a b.png", "image", "image/png")], bytes, ["no-media"]);
    expect(blocks).toMatchObject([{ type: "resource_link", name: "../../a b.png", mimeType: "image/png" }]);
    const path = fileURLToPath(blocks[0]?.uri ?? "");
    expect(await readFile(path, "utf8")).toBe("some words");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(path, ".."))).mode & 0o777).toBe(0o700);
    await agent.forget?.(conversation.id);
    await expect(stat(path)).rejects.toThrow(/ENOENT/u);
  });

  it("may be read by the agent through the gateway, by nobody else's session", async () => {
    const folder = await temporaryFolder();
    const options = { fileSystem: "read" as const, cwd: join(folder, "work") };
    await mkdir(options.cwd);
    const { agent } = await startExample(options, { args: ["no-media"], folder });
    const conversation = new Conversation(agent, { download: bytes });
    const input = [said("prompt", "Ada", [file("a.txt", "file", "text/plain")])] as const;
    const [, block] = JSON.parse(textOf(await conversation.say("", { input }))) as Block[];
    const path = fileURLToPath(block?.uri ?? "");
    expect(await conversation.answerTo(`read ${path}`)).toBe("some words");
    expect(await new Conversation(agent, { id: "other" }).answerTo(`read ${path}`)).toMatch(
      /^refused: There is no such file in reach/u,
    );
  });

  it("are told of where they cannot be had", async () => {
    const { blocks } = await blocksFor([file("a.png", "image", "image/png")], () => {
      throw new PlatformError({ platform: "test", message: "Too large", failure: { kind: "too-long" } });
    });
    expect(blocks).toEqual([{ type: "text", text: "[A file named “a.png” was sent, but it is too large.]" }]);
  });

  it("are text only when they are", async () => {
    const { blocks } = await blocksFor([file("a.txt", "file", "text/plain")], () => Uint8Array.of(0xff, 0xfe, 0));
    expect(blocks).toMatchObject([{ type: "resource_link", name: "a.txt" }]);
  });
});

describe("The folder of received files", () => {
  it("keeps the newest of a conversation, and the newest conversations", async () => {
    const folder = await temporaryFolder();
    const files = new ReceivedFiles(folder);
    const paths: string[] = [];
    for (let index = 0; index < 52; index += 1) paths.push(await files.keep("one", `${index}`, Uint8Array.of(1)));
    expect(await readdir(files.folderOf("one"))).toHaveLength(50);
    expect((await stat(paths.at(-1) ?? "")).size).toBe(1);
    for (let index = 0; index < 201; index += 1) await files.keep(`other-${index}`, "x", Uint8Array.of(1));
    expect(await readdir(folder)).toHaveLength(200);
  });
});
