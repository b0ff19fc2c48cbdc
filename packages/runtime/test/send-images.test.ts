import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buildSessionKey, toAgent, text, type Agent, type AgentEvent, type Turn } from "@hermes/core";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { guardedFetch } from "../src/guarded-fetch.ts";
import { imageAddresses } from "../src/media/image-addresses.ts";
import { sendImages } from "../src/media/send-images.ts";
import { createAblePlatform } from "./able-platform.ts";
import { startGateway } from "./set-up.ts";

const none = (): void => undefined;
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** A web server with a picture, a page that says it is one, and one without an end. */
async function startWeb(): Promise<string> {
  const listening = createServer((request, response) => {
    if (request.url === "/page.png") response.writeHead(200, { "content-type": "text/html" }).end("<p>");
    else if (request.url === "/huge.png") {
      response.writeHead(200, { "content-type": "image/png" });
      const chunk = Buffer.alloc(1024 * 1024);
      const more = (): void => void (response.destroyed || response.write(chunk, more));
      more();
    } else if (request.url?.endsWith(".png") === true)
      response.writeHead(200, { "content-type": "image/png" }).end(`png ${request.url}`);
    else response.writeHead(404).end();
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

async function heard(events: readonly AgentEvent[], isAllowed: () => boolean) {
  const log: string[] = [];
  const note = (message: string): void => void log.push(message);
  const agent = sendImages(
    toAgent(async function* () {
      yield* events;
    }),
    {
      fetch: (request) => guardedFetch(request, isAllowed),
      logger: { debug: note, info: note, warn: note, error: note },
    },
  );
  // Of a turn only its signal is looked at.
  const turn = { signal: new AbortController().signal } as Turn;
  const said: AgentEvent[] = [];
  for await (const event of agent.run(turn)) said.push(event);
  return { said, log };
}

it("Around an agent that is a class everything else of it is still there", async () => {
  class Choosy implements Agent {
    readonly features = { steer: true, undo: true, resume: "continue" } as const;
    readonly settingIds = ["model"];
    readonly forgotten: string[] = [];
    async *run(): AsyncGenerator<AgentEvent> {
      yield { type: "text-delta", text: "Hello." };
    }
    async settings() {
      return [{ id: "model", name: "Model", current: "a", options: [] }];
    }
    async forget(sessionId: string): Promise<void> {
      this.forgotten.push(sessionId);
    }
  }
  const agent = new Choosy();
  const shown = sendImages(agent, {
    fetch: () => Promise.reject(new Error("not here")),
    logger: { debug: none, info: none, warn: none, error: none },
  });
  const session = { key: buildSessionKey({ kind: "background", id: "x" }), chosen: {} };
  expect(await shown.settings?.(session, new AbortController().signal)).toHaveLength(1);
  await shown.forget?.("s1");
  expect([shown.settingIds, shown.features.steer, agent.forgotten, "choose" in shown]).toEqual([["model"], true, ["s1"], false]);
});

describe("Images that an answer shows by their addresses", () => {
  it("follow the text they stand in, as a file or an album", async () => {
    const web = await startWeb();
    const { said } = await heard(
      [
        text(`Look: ![a cat](${web}/cat`),
        text(".png)"),
        { type: "segment-end" },
        text(`![](${web}/1.png) ![](${web}/2.png "two")`),
      ],
      () => true,
    );
    expect(said.map(({ type }) => type)).toEqual(["text-delta", "text-delta", "file", "segment-end", "text-delta", "album"]);
    expect(said[2]).toMatchObject({ caption: "a cat", file: { kind: "image", name: "image-1.png", sizeBytes: 12 } });
    const [file] = said.flatMap((event) => (event.type === "file" ? [event.file] : []));
    expect(await new Response(await file?.open()).text()).toBe("png /cat.png");
  });

  it("stay links where they are no images, too large, gone, or on this machine", async () => {
    const web = await startWeb();
    for (const path of ["/page.png", "/huge.png", "/gone"]) {
      const { said, log } = await heard([text(`![x](${web}${path})`)], () => true);
      expect(said).toHaveLength(1);
      expect(log).toHaveLength(1);
    }
    const { said, log } = await heard([text(`![x](${web}/cat.png)`)], () => false);
    expect(said).toHaveLength(1);
    expect(log[0]).toContain("is not an address on the public internet");
  });

  it("are none in code, in thoughts, or without an address of the web", async () => {
    const markdown = "```md\n![a](https://a.test/a.png)\n```\n`![b](https://a.test/b.png)` ![c](file:///etc/passwd) ![d](d.png)";
    expect(imageAddresses(markdown)).toEqual([]);
    expect(imageAddresses("~~~\n![a](https://a.test/a.png)")).toEqual([]);
    const { said } = await heard([text("<think>![a](https://a.test/a.png)</think>Done.")], () => true);
    expect(said).toHaveLength(1);
    fc.assert(fc.property(fc.string({ unit: "binary" }), (source) => void imageAddresses(source)));
  });

  it("are found in time that grows with the text alone", () => {
    for (const piece of ["![", "![](", "```\n", "`", "~", "![](https://a.test/", "~~~x\n", "![]"])
      for (const [before, after] of [
        ["![", ""],
        ["![\n", ""],
        ["![\n", "x".repeat(50_000)],
      ] as const)
        expect(imageAddresses(`${before}${piece.repeat(50_000)}${after}`)).toEqual([]);
  });

  it("are sent only where that is asked for", async () => {
    const web = await startWeb();
    const chat = createAblePlatform();
    const { clock, gateway } = await startGateway({
      chat,
      agent: async function* () {
        yield text(`![x](${web}/cat.png)`);
      },
    });
    await chat.says("go");
    await clock.advance(2000);
    await gateway.idle();
    expect(chat.sent.flatMap(({ files }) => files)).toEqual([]);
  });
});
