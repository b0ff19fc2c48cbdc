import type { Agent, Turn } from "./agent.ts";
import type { Clock } from "./clock.ts";
import type { Json } from "./json.ts";
import type { CheckResult, ConfigurationSchema } from "./manifest.ts";
import type { Logger } from "./platform.ts";

/** Something an agent says elsewhere than where it was asked. */
export interface AgentDelivery {
  /** As people write targets: the name of a platform, a colon, and what leads to a chat there. */
  readonly target: string;
  /** Markdown. */
  readonly text: string;
  /** The turn that wants it, and with it whoever asked. */
  readonly turn: Turn;
  /** The same key is the same message, also after a restart. */
  readonly idempotencyKey: string;
}

/** What is known of one message that was to be delivered. */
export interface DeliveredMessage {
  readonly target: string;
  /** `queued`: it is kept, and sent as soon as that works. */
  readonly state: "sent" | "queued" | "unknown" | "failed";
  readonly failure?: string;
}

/** What the gateway gives to an agent that is made from its configuration. */
export interface AgentHost {
  /** What the configuration calls it. */
  readonly name: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** The gateway's home, as an absolute path: its configuration and its secrets lie there, and no agent has anything to do in it. */
  readonly home: string;
  /** A folder of its own below that, as an absolute path. Whoever writes into it first makes it, readable by the owner alone. */
  readonly folder: string;
  /** For addresses that a model, a page or a message names: guarded against inner networks, redirects checked again. */
  fetch(request: Request): Promise<Response>;
  /** Says something where a target leads. Rejects, with a sentence that the model may read, where it leads nowhere. */
  deliver(delivery: AgentDelivery): Promise<readonly DeliveredMessage[]>;
  /** Keeps a value out of the log from now on. */
  conceal(secret: string): void;
}

/** What can be found out about this machine without starting anything. */
export interface Machine {
  /** Where a program lies on the path, as an absolute path. */
  findProgram(name: string): Promise<string | undefined>;
  /** Whether the environment has a value by this name. The value itself stays there. */
  hasVariable(name: string): boolean;
  /** The JSON that a server on this machine answers to a GET, within a second. */
  readLocal(url: string): Promise<Json | undefined>;
}

/** An agent that would work on this machine as it is. */
export interface AgentOffer {
  /** As people read it: `Claude Code`, `qwen3:8b in Ollama`. */
  readonly label: string;
  /** The section that makes it the agent, `use` included: it holds no secret, but may name variables as `${OPENAI_API_KEY}`. */
  readonly section: { readonly [key: string]: Json };
  /** What else has to be done first, where something has. */
  readonly hint?: string;
}

/**
 * Facts about a kind of agent that can be read without loading what it needs: `@hermes/agent-x/manifest` exports one named `manifest`.
 * The package's `package.json` carries `"hermes": { "kind": "agent", "api": 1, "manifest": "./manifest" }`.
 */
export interface AgentManifest<Configuration = unknown> {
  readonly apiVersion: 1;
  readonly kind: string;
  /** As people write it. */
  readonly name: string;
  readonly description: string;
  readonly documentationUrl: string;
  /** Of the section, without the keys that every agent has. */
  readonly configuration: ConfigurationSchema<Configuration>;
  /** JSON Schema of the same, for editors and documentation. */
  readonly configurationJsonSchema: Json;
  /** Dotted keys whose values must never be shown; `*` stands for any one name. */
  readonly secrets: readonly string[];
  /** What of it this machine has, the best first. */
  detect?(machine: Machine): Promise<readonly AgentOffer[]>;
  /** Would it answer? May start programs and call servers. */
  check?(configuration: Configuration, host: AgentHost, signal: AbortSignal): Promise<CheckResult>;
  /** The agent itself; loads what it needs as late as it can, and starts nothing before the first turn. */
  load(configuration: Configuration, host: AgentHost): Promise<Agent>;
}
