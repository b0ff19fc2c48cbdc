import type { AgentSetting } from "@hermes/core";
import { oneLine } from "../plain-text.ts";
import { configOptionsUpdate, currentModeUpdate, type ConfigOption, type Modes, type SessionOffers } from "./session-options.ts";

const maxNameLength = 80;
const maxDescriptionLength = 200;
const yes = "on";
const no = "off";

/** How a choice is told to the agent. */
export type Change =
  | { readonly method: "session/set_mode"; readonly params: { readonly modeId: string } }
  | {
      readonly method: "session/set_config_option";
      readonly params:
        | { readonly configId: string; readonly value: string }
        | { readonly configId: string; readonly type: "boolean"; readonly value: boolean };
    };

/** The settings every agent may have, by the categories of the protocol. */
const categories: Readonly<Record<string, string>> = { mode: "mode", model: "model", thought_level: "reasoning" };

/** The ids of settings whose commands are known before an agent was asked. */
export const commonSettingIds: readonly string[] = Object.values(categories);

/** What can be chosen in one session, and what counts there now. */
export class SessionSettings {
  #modes: Modes | undefined;
  #options: readonly ConfigOption[];

  constructor({ modes, configOptions }: SessionOffers) {
    this.#modes = modes ?? undefined;
    this.#options = configOptions ?? [];
  }

  /** The agent itself changed something. */
  take(update: Readonly<Record<string, unknown>>): void {
    if (update["sessionUpdate"] === "current_mode_update") {
      const read = currentModeUpdate.safeParse(update);
      if (read.success) this.noteMode(read.data.currentModeId);
    } else if (update["sessionUpdate"] === "config_option_update") {
      this.noteOptions(update);
    }
  }

  noteMode(currentModeId: string): void {
    if (this.#modes !== undefined) this.#modes = { ...this.#modes, currentModeId };
  }

  /** All options anew, as the agent tells them; what is none of that changes nothing. */
  noteOptions(told: unknown): void {
    const read = configOptionsUpdate.safeParse(told);
    if (read.success) this.#options = read.data.configOptions;
  }

  /** As people see them. */
  get list(): readonly AgentSetting[] {
    return this.#named().map(({ id, option }) => settingOf(id, option));
  }

  find(id: string): AgentSetting | undefined {
    const found = this.#named().find((each) => each.id === id);
    return found === undefined ? undefined : settingOf(found.id, found.option);
  }

  /** How `value` is chosen; undefined where it cannot be. */
  change(id: string, value: string): Change | undefined {
    const option = this.#named().find((each) => each.id === id)?.option;
    if (option === undefined || !settingOf(id, option).options.some((each) => each.id === value)) return undefined;
    switch (option.type) {
      case "modes":
        return { method: "session/set_mode", params: { modeId: value } };
      case "select":
        return { method: "session/set_config_option", params: { configId: option.id, value } };
      case "boolean":
        return { method: "session/set_config_option", params: { configId: option.id, type: "boolean", value: value === yes } };
    }
  }

  /** Each once: where the modes are also an option, the option counts, as the protocol says. */
  #named(): readonly { readonly id: string; readonly option: ConfigOption | ModesOption }[] {
    const named = new Map<string, ConfigOption | ModesOption>();
    for (const option of this.#options) {
      const common = categories[option.category ?? ""];
      const id = common !== undefined && !named.has(common) ? common : option.id;
      if (/^[a-z][a-z0-9_-]{0,31}$/u.test(id) && !named.has(id)) named.set(id, option);
    }
    if (this.#modes !== undefined && !named.has("mode")) named.set("mode", { type: "modes", modes: this.#modes });
    return [...named].map(([id, option]) => ({ id, option }));
  }
}

interface ModesOption {
  readonly type: "modes";
  readonly modes: Modes;
}

function settingOf(id: string, option: ConfigOption | ModesOption): AgentSetting {
  switch (option.type) {
    case "modes": {
      const { currentModeId, availableModes } = option.modes;
      return { id, name: "Mode", current: currentModeId, options: availableModes.map((mode) => choiceOf(mode.id, mode)) };
    }
    case "select": {
      const choices = option.options.flatMap((each) =>
        "options" in each && Array.isArray(each.options) ? each.options : [each],
      );
      const options = choices.flatMap((each) =>
        typeof each.value === "string" && typeof each.name === "string"
          ? [choiceOf(each.value, { ...each, name: each.name })]
          : [],
      );
      return { id, name: nameOf(option.name, id), current: option.currentValue, options };
    }
    case "boolean": {
      const options = [
        { id: yes, label: "On" },
        { id: no, label: "Off" },
      ];
      return { id, name: nameOf(option.name, id), current: option.currentValue ? yes : no, options };
    }
  }
}

function choiceOf(id: string, said: { readonly name: string; readonly description?: unknown }): AgentSetting["options"][number] {
  const description = typeof said.description === "string" ? oneLine(said.description, maxDescriptionLength) : "";
  return { id, label: nameOf(said.name, id), ...(description === "" ? {} : { description }) };
}

function nameOf(name: string, id: string): string {
  const short = oneLine(name, maxNameLength);
  return short === "" ? id : short;
}
