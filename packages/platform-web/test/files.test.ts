import { isPlatformError } from "@hermes/core";
import { describe, expect, it } from "vitest";
import type { Upload, Uploads } from "../src/options.ts";
import { createHost } from "./host.ts";
import { createPuppet, startDoor } from "./set-up.ts";

const photo: Upload = { kind: "image", name: "cat.png", mimeType: "image/png", sizeBytes: 3, path: "/v1/files/f1" };
const uploads: Uploads = {
  find: async (id) => (id === "f1" ? photo : undefined),
  open: async () => new Blob([new Uint8Array([1, 2, 3])]).stream(),
};
const signal = new AbortController().signal;

describe("A message with files", () => {
  it("brings them to the agent, and shows them to whoever follows", async () => {
    const { agent, turns } = createPuppet();
    const { connect } = await startDoor({ agent, web: { uploads } });
    const wire = await connect();
    await wire.call("chat.send_stream", { text: "look", attachments: ["f1"] });
    expect(turns[0]?.attachments).toEqual([
      { kind: "image", ticket: { upload: "f1" }, name: "cat.png", mimeType: "image/png", sizeBytes: 3 },
    ]);
    expect(wire.events[0]).toMatchObject({
      attachments: [{ kind: "image", name: "cat.png", mime_type: "image/png", size: 3, path: "/v1/files/f1" }],
    });
  });

  it("is refused where a file is not there, or there are too many", async () => {
    const [{ connect }, none] = [await startDoor({ web: { uploads } }), await startDoor()];
    const wire = await connect();
    expect(await wire.refusal("chat.send", { text: "look", attachments: ["f2"] })).toBe("not-found");
    expect(await wire.refusal("chat.send", { text: "look", attachments: Array(11).fill("f1") })).toBe("invalid-params");
    expect(await (await none.connect()).refusal("chat.send", { text: "look", attachments: ["f1"] })).toBe("not-found");
  });

  it("gives their bytes once more later, as long as they are there and not too large", async () => {
    const { door } = await startDoor({ web: { uploads } });
    const connection = await door.platform.connect(createHost(), signal);
    const attachment = { kind: "image", ticket: { upload: "f1" } } as const;
    const stream = await connection.download?.(attachment, { maxBytes: 3, signal });
    expect(new Uint8Array(await new Response(stream).arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]));
    const failures: unknown[] = [];
    for (const [ticket, maxBytes] of [
      [{ upload: "f1" }, 2],
      [{ upload: "f2" }, 3],
      ["f1", 3],
    ] as const) {
      await connection.download?.({ kind: "image", ticket }, { maxBytes, signal }).catch((error: unknown) => {
        failures.push(isPlatformError(error) ? error.failure.kind : error);
      });
    }
    expect(failures).toEqual(["invalid", "not-found", "not-found"]);
  });
});
