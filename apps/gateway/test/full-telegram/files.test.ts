import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { BotApiServer } from "../../../../packages/platform-telegram/test/server.ts";
import { stop } from "../serve.ts";
import { showingHouse, type Message } from "./house.ts";
import { pictures, report } from "./shown.ts";

const mark = "(This may be a repetition.)";
const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The file that a message carries, as it was received. */
function bytesOf(api: BotApiServer, { photo, document }: Message): Uint8Array {
  return api.files.find(photo?.at(-1)?.file_id ?? document?.file_id).bytes;
}

it("What people send reaches the agent byte by byte: a photo, a document, and an album as one message", async () => {
  const { api, sent, serve } = await showingHouse();
  const hermes = await serve();
  api.sayFile("photo", { name: "a.png", mimeType: "image/png", bytes: pictures[0] });
  await api.until(() => sent().length === 1);
  expect(sent()[0]?.text).toMatch(new RegExp(`^image .* ${digest(pictures[0])}$`, "u"));
  api.sayFile("document", { name: "report.csv", mimeType: "text/csv", bytes: report });
  await api.until(() => sent().length === 2);
  expect(sent()[1]?.text).toBe(`file report.csv ${digest(report)}`);
  for (const bytes of pictures) {
    api.sayFile("photo", { name: "x.png", mimeType: "image/png", bytes }, { extra: { media_group_id: "album" } });
  }
  await api.until(() => sent().length === 3);
  const lines = sent()[2]?.text?.split("\n") ?? [];
  expect(lines.map((line) => line.split(" ").at(-1))).toEqual(pictures.map(digest));
  await stop(hermes);
});

it("What an agent sends arrives once and byte by byte: a photo, an album of three, and a document with its caption", async () => {
  const { api, home, sent, serve } = await showingHouse();
  const hermes = await serve();
  api.say("photo");
  await api.until(() => sent().length === 1);
  api.say("album");
  await api.until(() => sent().length === 4);
  api.say("document");
  await api.until(() => sent().length === 6);
  await stop(hermes);
  const [photo, first, second, third, words, document] = sent();
  expect([photo, first, second, third, document].map((message) => message && digest(bytesOf(api, message)))).toEqual(
    [pictures[0], ...pictures, report].map(digest),
  );
  expect(new Set([first, second, third].map((message) => message?.media_group_id))).toEqual(new Set([first?.media_group_id]));
  expect([first, second, third, words, document].map((message) => message?.caption ?? message?.text)).toEqual([
    "All three",
    undefined,
    undefined,
    "Here it is.",
    "All of today",
  ]);
  expect(document?.document).toMatchObject({ file_name: "report.csv", mime_type: "text/csv" });
  expect([sent().length, api.uploads.length, api.violations]).toEqual([6, 5, []]);
  await expectPrivate(home);
});

/** The folder of files is its owner's alone, and each content lies there once. */
async function expectPrivate(home: string): Promise<void> {
  const folder = join(home, "gateway/files");
  const names = await readdir(folder);
  expect(names.toSorted()).toEqual([...pictures, report].map(digest).toSorted());
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  for (const name of names) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
}

describe("A process that is killed while it uploads a file", () => {
  it.each([
    ["did not arrive", false],
    ["did arrive", true],
  ])("is followed by one that sends it with a mark, since nobody knows whether it arrived: it %s", async (_what, acted) => {
    const { api, sent, serve } = await showingHouse();
    const first = await serve();
    api.fail("sendDocument", { type: "hang", acted });
    api.say("document");
    await api.until(() => api.callsOf("sendDocument").length === 1);
    first.process.kill("SIGKILL");
    await first.ended();
    const second = await serve();
    await api.until(() => api.callsOf("sendDocument").length === 2 && sent().some(({ caption }) => caption?.startsWith(mark)));
    const documents = sent().filter(({ document }) => document !== undefined);
    expect(documents.map(({ caption }) => caption)).toEqual([...(acted ? ["All of today"] : []), `${mark}\n\nAll of today`]);
    for (const message of documents) expect(digest(bytesOf(api, message))).toBe(digest(report));
    expect(
      sent()
        .map(({ text }) => text)
        .filter((text) => text === "Here it is."),
    ).toHaveLength(1);
    await stop(second);
  });
});
