import type { CaseName } from "../../../src/cases.ts";
import { hookSecret } from "../../pigeon/server.ts";
import type { Fault } from "./ways-to-be-bad.ts";

const lostMessages: CaseName[] = [
  "what could not be stored comes again, the same",
  "what was not stored when the process ended comes again, the same",
];

/** Faults in webhooks. */
export const webhookFaults = {
  "a genuine webhook is taken, also when the outward half was never connected": {
    mode: "webhook",
    platform: (good) => {
      let isConnected = false;
      return {
        ...good,
        connect(given, signal) {
          isConnected = true;
          return good.connect(given, signal);
        },
        async receive(request, given) {
          const isGenuine = request.headers.get("x-pigeon-secret") === hookSecret;
          if (isGenuine && !isConnected) return new Response(null, { status: 503 });
          return (await good.receive?.(request, given)) ?? new Response(null, { status: 500 });
        },
      };
    },
    alsoSeenBy: ["a body without an end is not read to its end"],
  },
  "a forged webhook is refused before anything of it is believed": {
    mode: "webhook",
    platform: (good) => ({
      ...good,
      async receive(request, given) {
        const body = await request.arrayBuffer();
        return (
          (await good.receive?.(new Request(request.url, { method: "POST", headers: request.headers, body }), given)) ??
          new Response()
        );
      },
    }),
    alsoSeenBy: ["a body without an end is not read to its end"],
  },
  "a forged webhook is refused whatever its body holds": {
    mode: "signed",
    platform: (good) => ({
      ...good,
      async receive(request, given) {
        const body = await request.text();
        try {
          JSON.parse(body);
        } catch {
          return new Response(null, { status: 400 });
        }
        return (
          (await good.receive?.(new Request(request.url, { method: "POST", headers: request.headers, body }), given)) ??
          new Response()
        );
      },
    }),
    alsoSeenBy: ["a body without an end is not read to its end"],
  },
  "a webhook that cannot be stored is not acknowledged": {
    mode: "webhook",
    platform: (good) => ({
      ...good,
      async receive(request, given) {
        const received = await good.receive?.(request, given);
        return received instanceof Response && received.status === 503 ? new Response() : (received ?? new Response());
      },
    }),
    alsoSeenBy: [...lostMessages, "what was stored and is told again is known by its event id"],
  },
  "a body without an end is not read to its end": {
    mode: "webhook",
    platform: (good) => ({
      ...good,
      async receive(request, given) {
        const isGenuine = request.headers.get("x-pigeon-secret") === hookSecret;
        const body = isGenuine ? await request.arrayBuffer() : null;
        if (body !== null && body.byteLength > 1_000_000) return new Response(null, { status: 413 });
        const whole = body === null ? request : new Request(request.url, { method: "POST", headers: request.headers, body });
        return (await good.receive?.(whole, given)) ?? new Response();
      },
    }),
  },
} satisfies Partial<Record<CaseName, Fault>>;
