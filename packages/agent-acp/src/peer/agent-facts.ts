import { z } from "zod";
import { oneLine } from "../plain-text.ts";

/** The version of the protocol that is spoken here. */
export const protocolVersion = 1;

const flag = z.boolean().nullish().catch(undefined);
const presence = z.unknown().transform((value) => typeof value === "object" && value !== null);

/** What an agent answers to `initialize`: https://agentclientprotocol.com/protocol/v1/initialization */
export const initializeResponse = z.looseObject({
  protocolVersion: z.number(),
  agentInfo: z
    .looseObject({ name: z.string(), title: z.string().nullish(), version: z.string().nullish() })
    .nullish()
    .catch(undefined),
  authMethods: z
    .array(z.looseObject({ name: z.string(), description: z.string().nullish() }))
    .max(50)
    .nullish()
    .catch(undefined),
  agentCapabilities: z
    .looseObject({
      loadSession: flag,
      promptCapabilities: z.looseObject({ image: flag, audio: flag, embeddedContext: flag }).nullish().catch(undefined),
      mcpCapabilities: z.looseObject({ http: flag, sse: flag }).nullish().catch(undefined),
      sessionCapabilities: z
        .looseObject({ resume: presence, close: presence, delete: presence, additionalDirectories: presence })
        .partial()
        .nullish()
        .catch(undefined),
    })
    .nullish()
    .catch(undefined),
});

/** What an agent says of itself. What it does not say it cannot do. */
export interface AgentFacts {
  /** As people read it; bounded, on one line. */
  readonly name: string;
  readonly version: string | undefined;
  readonly logins: readonly { readonly name: string; readonly description: string | undefined }[];
  readonly prompt: { readonly image: boolean; readonly audio: boolean; readonly embedded: boolean };
  readonly mcp: { readonly http: boolean; readonly sse: boolean };
  readonly session: {
    readonly load: boolean;
    readonly resume: boolean;
    readonly close: boolean;
    readonly delete: boolean;
    readonly folders: boolean;
  };
}

/** The facts in an answer. `command` names an agent that gives itself no name. */
export function factsOf(
  { agentInfo, authMethods, agentCapabilities }: z.output<typeof initializeResponse>,
  command: string,
): AgentFacts {
  const { promptCapabilities: prompt, mcpCapabilities: mcp, sessionCapabilities: session, loadSession } = agentCapabilities ?? {};
  const name = oneLine(agentInfo?.title ?? agentInfo?.name ?? "", 80);
  return {
    name: name === "" ? command : name,
    version: shortened(agentInfo?.version, 40),
    logins: (authMethods ?? []).map((method) => ({
      name: oneLine(method.name, 80),
      description: shortened(method.description, 200),
    })),
    prompt: { image: prompt?.image ?? false, audio: prompt?.audio ?? false, embedded: prompt?.embeddedContext ?? false },
    mcp: { http: mcp?.http ?? false, sse: mcp?.sse ?? false },
    session: {
      load: loadSession ?? false,
      resume: session?.resume ?? false,
      close: session?.close ?? false,
      delete: session?.delete ?? false,
      folders: session?.additionalDirectories ?? false,
    },
  };
}

function shortened(text: string | null | undefined, maxLength: number): string | undefined {
  const short = oneLine(text ?? "", maxLength);
  return short === "" ? undefined : short;
}
