import { readdir, utimes, writeFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sweepFiles } from "../../src/files/sweep-files.ts";
import { Uploads } from "../../src/uploads/uploads.ts";
import { temporaryHome } from "../temporary-home.ts";
import { adminToken, bearer, connect, openHouse, readToken, rpc, writeToken } from "./house.ts";

const megabyte = 1024 * 1024;

interface Given {
  readonly status: number;
  readonly id: string;
  readonly name: string;
  readonly path: string;
}

async function give(url: string, name: string, type: string, body: NonNullable<RequestInit["body"]> = "content"): Promise<Given> {
  const response = await fetch(`${url}/v1/files?name=${encodeURIComponent(name)}`, {
    method: "POST",
    headers: { ...bearer(writeToken), "content-type": type },
    body,
    duplex: "half",
  });
  return { status: response.status, ...((await response.json()) as Omit<Given, "status">) };
}

function bytes(megabytes: number): ReadableStream<Uint8Array> {
  let left = megabytes;
  return new ReadableStream({
    pull(controller) {
      left -= 1;
      if (left < 0) controller.close();
      else controller.enqueue(new Uint8Array(megabyte));
    },
  });
}

const folderOf = (home: string): string => join(home, "gateway", "uploads");

describe("A file that is given in", () => {
  it("is given out as it was, and an image is the only thing a browser shows", async () => {
    const { url } = await openHouse();
    const get = async (path: string): Promise<Response> => await fetch(`${url}${path}`, { headers: bearer(readToken) });
    const image = await get((await give(url, "cat.png", "image/png", "an image")).path);
    expect([image.headers.get("content-type"), image.headers.get("content-disposition")]).toEqual([
      "image/png",
      "inline; filename*=UTF-8''cat.png",
    ]);
    expect(await image.text()).toBe("an image");
    for (const type of ["text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", "application/pdf"]) {
      const file = await get((await give(url, "x.html", type, "<script>1</script>")).path);
      expect(file.headers.get("content-type")).toBe("application/octet-stream");
      expect(file.headers.get("content-disposition")).toMatch(/^attachment;/u);
      expect(file.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
      expect(file.headers.get("x-content-type-options")).toBe("nosniff");
      await file.body?.cancel();
    }
    const head = await fetch(`${url}${(await give(url, "a.txt", "text/plain")).path}`, {
      method: "HEAD",
      headers: bearer(readToken),
    });
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "7", ""]);
  });

  it.each([
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\ada\\x.txt", "x.txt"],
    ["a\r\nSet-Cookie: x=1", "aSet-Cookie: x=1"],
    ["a\u0000\u202Eb.txt", "ab.txt"],
    ["Übergröße 🦊.png", "Übergröße 🦊.png"],
    [`${"a".repeat(199)}🦊`, "a".repeat(199)],
    ['"; filename=x.html', '"; filename=x.html'],
    ["it's (1)*.png", "it's (1)*.png"],
  ])("called %j is called %j", async (name, kept) => {
    const { url } = await openHouse();
    const given = await give(url, name, "image/png");
    expect([given.status, given.name]).toEqual([201, kept]);
    const response = await fetch(`${url}${given.path}`, { headers: bearer(readToken) });
    const disposition = response.headers.get("content-disposition") ?? "";
    expect(disposition).toMatch(/^inline; filename\*=UTF-8''[\w.!~%-]+$/u);
    expect(decodeURIComponent(disposition.split("''")[1] ?? "")).toBe(kept);
    await response.body?.cancel();
  });

  it("needs a name, a type and a body", async () => {
    const { url } = await openHouse();
    for (const name of ["", "/", "..//", "\u0000"]) expect((await give(url, name, "text/plain")).status).toBe(400);
    for (const type of ["text", "text/", "a/b/c", "te xt/plain"]) expect((await give(url, "a", type)).status).toBe(415);
  });

  it("that is too large is refused while it comes, announced or not, and nothing of it is left", async () => {
    const { url, home } = await openHouse();
    expect((await give(url, "large", "text/plain", bytes(11))).status).toBe(413);
    expect((await give(url, "large", "text/plain", new Uint8Array(10 * megabyte + 1))).status).toBe(413);
    expect(await readdir(folderOf(home))).toEqual([]);
    expect((await give(url, "fits", "text/plain", bytes(10))).status).toBe(201);
  });

  it("that breaks off leaves nothing", async () => {
    const { url, home } = await openHouse();
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(1000)),
      pull: (controller) => controller.error(new Error("gone")),
    });
    await expect(give(url, "broken", "text/plain", broken)).rejects.toThrow();
    await give(url, "whole", "text/plain");
    const names = await readdir(folderOf(home));
    expect(names.filter((name) => name.endsWith(".unfinished"))).toEqual([]);
  });

  it("is found by nothing but its id", async () => {
    const home = await temporaryHome({ secret: "secret", "gateway/uploads/AAAAAAAAAAAAAAAAAAAAAA.txt": "x" });
    const uploads = new Uploads(home);
    for (const id of ["../secret", "..", "", "AAAAAAAAAAAAAAAAAAAAAA.txt", "AAAAAAAAAAAAAAAAAAAAA", "A".repeat(22)]) {
      expect(await uploads.find(id)).toBeUndefined();
      await expect(uploads.open(id)).rejects.toMatchObject({ code: "ENOENT" });
    }
    await fc.assert(fc.asyncProperty(fc.string(), async (id) => (await uploads.find(id)) === undefined));
    const { url } = await openHouse();
    for (const id of ["AAAAAAAAAAAAAAAAAAAAAA", "short", "..%2f..%2fconfig", "%2e%2e"])
      expect([400, 404]).toContain((await fetch(`${url}/v1/files/${id}`, { headers: bearer(readToken) })).status);
    const ids = new Set(await Promise.all(Array.from({ length: 20 }, async () => (await give(url, "a", "text/plain")).id)));
    expect(ids.size).toBe(20);
    for (const id of ids) expect(id).toMatch(/^[\w-]{22}$/u);
  });
});

describe("The room for files", () => {
  const body = async function* (): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(megabyte);
  };
  const facts = { name: "a", mimeType: "text/plain" };

  it("is never exceeded, however many come at once, and there is room again after a sweep", async () => {
    const home = await temporaryHome();
    const uploads = new Uploads(home, { maxTotalBytes: 21 * megabyte });
    const kinds = (await Promise.all(Array.from({ length: 8 }, () => uploads.save(body(), facts)))).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "saved")).toHaveLength(2);
    expect(kinds.filter((kind) => kind === "full")).toHaveLength(6);
    while ((await uploads.save(body(), facts)).kind === "saved");
    expect((await new Uploads(home, { maxTotalBytes: 21 * megabyte }).save(body(), facts)).kind).toBe("full");
    await uploads.sweep(Date.now() + 1000, 0);
    expect(await readdir(folderOf(home))).toEqual([]);
    expect((await uploads.save(body(), facts)).kind).toBe("saved");
  });

  it("is counted rightly after a sweep that came while a file was on its way", async () => {
    const uploads = new Uploads(await temporaryHome(), { maxTotalBytes: 11 * megabyte + 1000 });
    const sweeping = async function* (): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(megabyte);
      await uploads.sweep(0, 1000);
      yield new Uint8Array(megabyte);
    };
    expect((await uploads.save(sweeping(), facts)).kind).toBe("saved");
    expect((await uploads.save(body(), facts)).kind).toBe("full");
  });

  it("is swept of what is old and of nothing else", async () => {
    const home = await temporaryHome();
    const uploads = new Uploads(home);
    const [old, young] = [await uploads.save(body(), facts), await uploads.save(body(), facts)];
    if (old.kind !== "saved" || young.kind !== "saved") throw new Error("They were expected to be saved");
    const nowMs = Date.now();
    for (const name of [old.id, `${old.id}.json`]) await utimes(join(folderOf(home), name), 0, (nowMs - 60_000) / 1000);
    expect(await uploads.sweep(nowMs, 30_000, AbortSignal.abort())).toBe(0);
    expect(await uploads.find(old.id)).toBeDefined();
    const task = sweepFiles("uploads", uploads, 30_000, { now: () => nowMs, wakeAt: () => () => undefined });
    const work = { signal: new AbortController().signal, breathe: async () => undefined };
    expect(await task.run(work)).toBe("1 file removed");
    expect([await uploads.find(old.id), (await uploads.find(young.id))?.sizeBytes]).toEqual([undefined, megabyte]);
    expect(await task.run(work)).toBeUndefined();
  });

  it("may hold files of which only half is there: they are not given out", async () => {
    const { url, home } = await openHouse();
    await mkdir(folderOf(home), { recursive: true });
    const id = "A".repeat(22);
    const half = { kind: "file", name: "a", mimeType: "text/plain", sizeBytes: 1, path: `/v1/files/${id}` };
    await writeFile(join(folderOf(home), `${id}.json`), JSON.stringify(half));
    expect((await fetch(`${url}/v1/files/${id}`, { headers: bearer(readToken) })).status).toBe(404);
  });
});

describe("A message with a file", () => {
  it("reaches the agent, which can open the file, also after a restart; history says where it lies", async () => {
    const seen: unknown[] = [];
    const options = {
      agent: async function* (turn: { readonly input: readonly { readonly attachments: readonly unknown[] }[] }) {
        seen.push(...turn.input.flatMap(({ attachments }) => attachments));
        yield { type: "text-delta", text: "seen" } as const;
      },
    };
    const house = await openHouse(options);
    const { id, path } = await give(house.url, "cat.png", "image/png", "an image");
    const talk = await connect(house.url, bearer(adminToken));
    const { result } = await talk.ask("chat.send", { text: "look", attachments: [id] });
    const { session_key } = result as { readonly session_key: string };
    expect(seen).toMatchObject([{ kind: "image", name: "cat.png", mimeType: "image/png", sizeBytes: 8, ticket: { upload: id } }]);
    expect(await talk.ask("chat.send", { text: "look", attachments: ["A".repeat(22)] })).toMatchObject({
      error: { data: { kind: "not-found" } },
    });
    await house.stop();
    const again = await openHouse({ ...options, after: house });
    const history = await rpc(again.url, readToken, "chat.history", { session_key });
    expect(JSON.stringify(history)).toContain(path);
    expect(JSON.stringify(history)).not.toContain("ticket");
    const response = await fetch(`${again.url}${path}`, { headers: bearer(readToken) });
    expect(await response.text()).toBe("an image");
    expect(await new Response(await again.doors.uploads.open(id)).text()).toBe("an image");
  });
});
