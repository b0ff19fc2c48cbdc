import type { ChatType } from "./address.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Json } from "./json.ts";
import type { Platform } from "./platform.ts";

/** The part of Standard Schema (standardschema.dev) that a manifest uses: a validator that speaks it will do. */
export interface ConfigurationSchema<Output> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    validate(value: unknown): ConfigurationResult<Output> | Promise<ConfigurationResult<Output>>;
  };
}
export type ConfigurationResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly ConfigurationIssue[] };
export interface ConfigurationIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** An environment variable that sets one key of the platform's configuration. */
export interface EnvironmentName {
  readonly name: string;
  /** Dotted key inside the platform's section: `token`, `webhook.secret`. */
  readonly key: string;
  readonly description: string;
  /** How the text becomes a value. Default `text`. */
  readonly as?: "text" | "list" | "flag" | "number";
}

/** One question of the guided set-up. */
export interface SetupQuestion {
  readonly key: string;
  readonly prompt: string;
  /** Where the person finds the answer. */
  readonly help?: string;
  readonly secret: boolean;
}

/** A place that something can be sent to, as far as its written form tells. */
export interface TargetPlace {
  readonly chatId: string;
  readonly threadId?: string;
  /** Default `dm`. */
  readonly type?: ChatType;
}

/** What a health check found; `remedy` says what to do about it. */
export type CheckResult =
  | { readonly ok: true; readonly summary: string }
  | { readonly ok: false; readonly summary: string; readonly remedy: string };

/**
 * Facts about a platform that can be read without loading its SDK: `@hermes/platform-x/manifest` exports one named `manifest`.
 * The package's `package.json` carries `"hermes": { "kind": "platform", "api": 1, "manifest": "./manifest" }`.
 */
export interface PlatformManifest<Configuration = unknown> {
  readonly apiVersion: 1;
  readonly kind: string;
  /** As people write it. */
  readonly name: string;
  readonly description: string;
  readonly documentationUrl: string;
  readonly capabilities: Capabilities;
  readonly configuration: ConfigurationSchema<Configuration>;
  /** JSON Schema of the same, for editors and documentation. */
  readonly configurationJsonSchema: Json;
  /** Dotted keys whose values must never be shown. */
  readonly secrets: readonly string[];
  readonly environment: readonly EnvironmentName[];
  readonly setup: readonly SetupQuestion[];
  /** What agents are told about the place, one sentence. */
  readonly promptHint?: string;
  /**
   * Paths of a gateway's own server that lead to this platform, for doors of the gateway itself: exact ones, or with a `/` at the end all
   * that begin so. Whoever comes by them has shown a credential, so everybody is let in there. Default: `/webhooks/{id}` alone.
   */
  readonly paths?: readonly string[];
  /** How much of tool progress a chat there should show. */
  readonly display: "full" | "reduced" | "final-only";
  /** A user id as people write it → the stable id, or undefined when it is none. */
  parseUserId(text: string): string | undefined;
  /** A role id as people write it → the stable id, or undefined when it is none. Only where authors come with `roles`. */
  parseRoleId?(text: string): string | undefined;
  /** A delivery target as people write it → chat and thread, or undefined when it is none. */
  parseTarget(text: string): TargetPlace | undefined;
  /** A link that opens a direct message to the bot carrying `code`, where the platform has such links. `identity` is the connection's. */
  claimLink?(identity: { readonly id: string; readonly name: string }, code: string): string | undefined;
  /** Are the credentials good, and is the platform set up as the gateway needs it? Calls the platform. */
  check?(configuration: Configuration, signal: AbortSignal): Promise<CheckResult>;
  /** The platform itself; loads the SDK as late as it can. */
  load(id: string, configuration: Configuration): Promise<Platform>;
}
