import type { EnvironmentName, Json } from "@hermes/core";
import type { EnvironmentEntry } from "./env-file.ts";
import type { Environment } from "./environment.ts";
import { soundsSecret } from "./keys.ts";
import type { Setting, Source } from "./setting.ts";
import { parseFlag, parseList } from "./value.ts";

/** A variable that sets a key. */
export interface Binding {
  readonly name: string;
  readonly path: readonly string[];
  readonly as: NonNullable<EnvironmentName["as"]>;
}

/** The process's environment over a `.env` file. An empty variable counts as not set. */
export class Variables {
  readonly #environment: Environment;
  readonly #file: ReadonlyMap<string, EnvironmentEntry>;

  constructor(environment: Environment, file: ReadonlyMap<string, EnvironmentEntry>) {
    this.#environment = environment;
    this.#file = file;
  }

  get(name: string): string | undefined {
    // What every object inherits is no variable.
    const own = Object.hasOwn(this.#environment, name) ? this.#environment[name] : undefined;
    return present(own) ?? present(this.#file.get(name)?.value);
  }

  /** Whether any variable that is set begins like this. */
  hasPrefix(prefix: string): boolean {
    return this.#names().some((name) => name.startsWith(prefix) && this.get(name) !== undefined);
  }

  /** Whether any variable that is set begins like this and is called a secret. */
  hasSecret(prefix: string): boolean {
    return this.#names().some((name) => name.startsWith(prefix) && soundsSecret([name]) && this.get(name) !== undefined);
  }

  #names(): readonly string[] {
    return [...Object.keys(this.#environment), ...this.#file.keys()];
  }

  /** What the variables set: first the file's layer, then the stronger one of the environment. */
  layers(bindings: readonly Binding[]): readonly [readonly Setting[], readonly Setting[]] {
    const file = (binding: Binding): Setting | undefined => {
      const entry = this.#file.get(binding.name);
      return entry === undefined ? undefined : toSetting(binding, entry.value, entry.source);
    };
    const environment = (binding: Binding): Setting | undefined =>
      toSetting(binding, this.#environment[binding.name], { kind: "environment", name: binding.name });
    return [bindings.map(file).filter(isPresent), bindings.map(environment).filter(isPresent)];
  }
}

function toSetting(binding: Binding, text: string | undefined, source: Source): Setting | undefined {
  const value = present(text);
  return value === undefined ? undefined : { path: binding.path, value: convert(value, binding.as), source };
}

/** A text that cannot be converted stays a text: whoever checks the key says what is wrong with it. */
function convert(text: string, as: Binding["as"]): Json {
  switch (as) {
    case "text":
      return text;
    case "list":
      return parseList(text) ?? text;
    case "flag":
      return parseFlag(text) ?? text;
    case "number":
      return /^\s*-?\d+(?:\.\d+)?\s*$/u.test(text) ? Number(text) : text;
  }
}

function present(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}

function isPresent(setting: Setting | undefined): setting is Setting {
  return setting !== undefined;
}
