import { z } from "zod";
import type { Calls } from "./calls.ts";
import { failureOf } from "./failure.ts";

/** What Discord says of the bot itself. */
export interface SelfCalls {
  getMe(signal: AbortSignal): Promise<Bot>;
  getApplication(signal: AbortSignal): Promise<Application>;
  getGateway(signal: AbortSignal): Promise<GatewayInformation>;
  getCommands(): Promise<readonly unknown[]>;
  putCommands(commands: readonly object[]): Promise<void>;
}

const bot = z.object({ id: z.string(), username: z.string() });
const application = z.object({ id: z.string().regex(/^\d{1,20}$/u), flags: z.number().catch(0) });
const gateway = z.object({
  url: z.string(),
  session_start_limit: z.object({ remaining: z.number(), reset_after: z.number() }),
});

export type Bot = z.output<typeof bot>;
export type Application = z.output<typeof application>;
export type GatewayInformation = z.output<typeof gateway>;

export function selfCalls({ request, platform }: Calls): SelfCalls {
  const read = <Value>(schema: z.ZodType<Value>, answer: unknown, what: string): Value => {
    const result = schema.safeParse(answer);
    if (result.success) return result.data;
    throw failureOf({ kind: "unavailable" }, what, "the answer is not as Discord describes it", platform, false);
  };
  const getApplication = async (signal?: AbortSignal): Promise<Application> => {
    const what = "ask about the application";
    return read(application, await request(what, { method: "GET", path: "/applications/@me", signal }), what);
  };
  let applicationId: string | undefined;
  const commandsPath = async (): Promise<`/${string}`> => {
    applicationId ??= (await getApplication()).id;
    return `/applications/${applicationId}/commands`;
  };
  return {
    async getMe(signal) {
      const what = "ask who the bot is";
      return read(bot, await request(what, { method: "GET", path: "/users/@me", signal }), what);
    },
    getApplication,
    async getGateway(signal) {
      const what = "ask for the gateway's address";
      return read(gateway, await request(what, { method: "GET", path: "/gateway/bot", signal }), what);
    },
    async getCommands() {
      const what = "ask which commands are published";
      return read(z.array(z.unknown()), await request(what, { method: "GET", path: await commandsPath() }), what);
    },
    async putCommands(commands) {
      await request("publish the commands", { method: "PUT", path: await commandsPath(), body: commands });
    },
  };
}
