import type { ReactNode } from "react";
import { useServices } from "../app/services.tsx";
import { useQuery } from "../app/use-query.ts";

const mostChips = 4;

/** A few commands to begin with. */
export function CommandChips({ onChoose }: { readonly onChoose: (text: string) => void }): ReactNode {
  const { client } = useServices();
  const { data } = useQuery("commands.list", async () => await client.call("commands.list"));
  if (data === undefined || data.rows.length === 0) return null;
  return (
    <ul className="command-chips">
      {data.rows.slice(0, mostChips).map(({ name, description }) => (
        <li key={name}>
          <button type="button" onClick={() => onChoose(`/${name}`)}>
            <span className="chip-name">/{name}</span>
            <span className="chip-text">{description}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
