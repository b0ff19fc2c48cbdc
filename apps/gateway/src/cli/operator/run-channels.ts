import type { Channel, ChannelList } from "@hermes/protocol";
import { asJson } from "../ledger/as-json.ts";
import { renderTable, type Column } from "../ledger/table.ts";
import { currentView } from "../ledger/view.ts";
import { askGateway } from "./ask-gateway.ts";

/** How `hermes channels` is asked for on the command line. */
export interface ChannelsOptions {
  readonly platform?: string;
  readonly json?: true;
}

/** `hermes channels`: the chats that something can be said in. */
export async function listChannels({ platform, json }: ChannelsOptions): Promise<void> {
  const query = platform === undefined ? {} : { platform };
  const list = await askGateway(({ client }) => client.call("channels.list", query));
  process.stdout.write(json === true ? asJson(list) : showChannels(list, currentView().width));
}

/** Channels as a table. */
export function showChannels({ rows }: ChannelList, width: number): string {
  if (rows.length === 0)
    return "No chats are known yet. Those that somebody has talked in are listed here; others are written by their id.\n";
  const columns: readonly Column<Channel>[] = [
    { title: "TARGET", cell: ({ target }) => target },
    { title: "KIND", cell: ({ chat }) => chat.type },
    { title: "NAME", cell: ({ chat }) => chat.name ?? "", least: 12 },
    { title: "HOME", cell: ({ isHome, chat }) => (isHome ? `home of ${chat.platform}` : "") },
  ];
  return renderTable(columns, rows, width);
}
