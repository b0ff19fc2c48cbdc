import type { Connection, Logger } from "@hermes/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Command } from "../commands/command.ts";

/** What a menu of commands is published with. */
export interface CommandMenuParts {
  readonly platform: { readonly id: string };
  readonly catalogue: Catalogue;
  readonly commands: readonly Command[];
  readonly logger: Logger;
}

/** Tells a platform that shows commands which there are. Never rejects: without a menu everything works all the same. */
export async function publishMenu(
  connection: Connection,
  { platform, catalogue, commands, logger }: CommandMenuParts,
): Promise<void> {
  try {
    await connection.publishCommands?.(
      commands.map((command) => ({ name: command.name, description: command.description(catalogue) })),
    );
  } catch (error) {
    logger.warn(
      `[${platform.id}] The menu of commands was not published: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
