import assert from "node:assert/strict";
import type { Received } from "@hermes/core";
import { defineCase } from "../case.ts";
import type { WebhookHarness } from "../harness.ts";
import type { Life } from "../life.ts";
import type { Stage } from "../stage.ts";

/** Who knocks is not believed. */
export const webhookCases = [
  defineCase("a genuine webhook is taken, also when the outward half was never connected", async (stage) => {
    const webhook = webhookOf(stage);
    const life = stage.boot();
    const received = await receive(life, await webhook.genuine("through the door"));
    assert.ok(received.ok, `it was answered with ${received.status}`);
    await life.heard("through the door");
  }),
  defineCase("a forged webhook is refused before anything of it is believed", async (stage) => {
    const webhook = webhookOf(stage);
    const life = stage.boot();
    for (const [what, headers] of Object.entries(webhook.forged)) {
      const body = countedBody(await (await webhook.genuine("forged")).arrayBuffer());
      const received = await receive(life, request(stage, webhook, headers, body.stream));
      assert.ok([401, 403].includes(received.status), `${what}: it was answered with ${received.status}`);
      if (webhook.signed === "header") assert.equal(body.read(), 0, `${what}: the body was read all the same`);
    }
    assert.deepEqual(life.host.offers, [], "a forged event was offered");
  }),
  defineCase("a forged webhook is refused whatever its body holds", async (stage) => {
    const webhook = webhookOf(stage);
    const life = stage.boot();
    for (const [what, headers] of Object.entries(webhook.forged)) {
      for (const poison of ["{", "", '{"__proto__":{"polluted":true}}', "[".repeat(10_000), "\u0000\uFFFF"]) {
        const received = await receive(life, request(stage, webhook, headers, countedBody(Buffer.from(poison)).stream));
        assert.ok([401, 403].includes(received.status), `${what}: ${poison.slice(0, 40)} was answered with ${received.status}`);
      }
    }
    assert.equal(({} as { readonly polluted?: unknown }).polluted, undefined);
    assert.deepEqual(life.host.offers, []);
  }),
  defineCase("a webhook that cannot be stored is not acknowledged", async (stage) => {
    const webhook = webhookOf(stage);
    const life = stage.boot();
    life.host.gate = () => Promise.reject(new Error("the disk is full"));
    const received = await receive(life, await webhook.genuine("not stored"));
    assert.ok(!received.ok, `it was answered with ${received.status}`);
  }),
  defineCase("a body without an end is not read to its end", async (stage) => {
    const webhook = webhookOf(stage);
    const { headers } = await webhook.genuine("x");
    const endless = countedBody(new Uint8Array(1_000_000), 200);
    const life = stage.boot();
    const received = await receive(life, request(stage, webhook, Object.fromEntries(headers), endless.stream));
    assert.ok(received.status >= 400 && received.status < 500, `it was answered with ${received.status}`);
    assert.ok(endless.read() < 100, `${endless.read()} MB of it were read`);
  }),
] as const;

function webhookOf(stage: Stage): WebhookHarness {
  if (stage.bench.create().receive === undefined) stage.declines("takes no webhooks");
  return stage.bench.webhook ?? stage.lacks("webhook (`webhook`); this way in is described elsewhere");
}

async function receive({ platform, host }: Life, request: Request): Promise<Response> {
  const received: Received = (await platform.receive?.(request, host)) ?? assert.fail("there is no receive");
  return received instanceof Response ? received : assert.fail("a webhook was taken for a socket");
}

function request(
  stage: Stage,
  { method = "POST" }: WebhookHarness,
  headers: Readonly<Record<string, string>>,
  body: ReadableStream<Uint8Array>,
): Request {
  const { "content-length": _, ...others } = headers;
  return new Request(stage.door.url, { method, headers: others, body, duplex: "half" });
}

/** A body that says how many pieces of it were read. */
function countedBody(
  bytes: ArrayBuffer | Uint8Array,
  pieces = 1,
): { readonly stream: ReadableStream<Uint8Array>; read(): number } {
  let given = 0;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (given === pieces) return controller.close();
        given += 1;
        controller.enqueue(new Uint8Array(bytes));
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, read: () => given };
}
