import type { Chat, Connection } from "@hermes/core";
import { createGateway, createMemoryStore, type Gateway, type GatewayOptions } from "@hermes/runtime";
import { createFakeClock, createScriptedPlatform, settle, type FakeClock, type ScriptedPlatform } from "@hermes/runtime/testing";
import { echo } from "./set-up.ts";

export interface PostOffice {
  readonly gateway: Gateway;
  readonly clock: FakeClock;
  readonly alpha: ScriptedPlatform;
  readonly beta: ScriptedPlatform;
  readonly log: readonly string[];
}

export interface PostOfficeOptions extends Partial<Omit<GatewayOptions, "platforms">> {
  /** What `alpha` lists; without it the platform has no such list. */
  readonly listChats?: NonNullable<Connection["listChats"]>;
}

/** A started gateway with two scripted platforms, `alpha` and `beta`, where everybody is let in. */
export async function openPostOffice({ listChats, ...options }: PostOfficeOptions = {}): Promise<PostOffice> {
  const clock = createFakeClock();
  const [alpha, beta] = [
    createScriptedPlatform({ id: "alpha", style: "edit" }),
    createScriptedPlatform({ id: "beta", style: "edit" }),
  ];
  const log: string[] = [];
  const note = (message: string): void => void log.push(message);
  const connect: typeof alpha.platform.connect = async (host, signal) => ({
    ...(await alpha.platform.connect(host, signal)),
    ...(listChats === undefined ? {} : { listChats }),
  });
  const gateway = createGateway({
    access: { allowAll: true },
    store: createMemoryStore(),
    agent: echo,
    clock,
    logger: { debug: () => undefined, info: note, warn: note, error: note },
    ...options,
    platforms: [{ ...alpha.platform, connect }, beta.platform],
  });
  await gateway.start();
  await settle();
  return { gateway, clock, alpha, beta, log };
}

/** Somebody says something in a chat that has a name. */
export async function sayIn(
  platform: ScriptedPlatform,
  chat: Omit<Chat, "ref"> & Partial<Chat["ref"]>,
  text = "hello",
): Promise<void> {
  const { chatId = "c1", threadId, platform: _own, ...rest } = chat;
  const event = platform.message(text, { chatId });
  const ref = { ...event.chat.ref, ...(threadId === undefined ? {} : { threadId }) };
  await platform.offer([{ ...event, chat: { ...rest, ref } }]);
}
