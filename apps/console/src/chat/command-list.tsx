import type { CommandInfo } from "@hermes/protocol";
import { useEffect, useRef, type ReactNode } from "react";
import { announce } from "../app/announcer.tsx";
import { useSpeech } from "../i18n/language.tsx";

interface CommandListProps {
  readonly id: string;
  readonly commands: readonly CommandInfo[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

/** The id of one command's line, for the field that has the focus. */
export function commandOptionId(id: string, index: number): string {
  return `${id}-${index}`;
}

/** Commands that can be chosen, above the field where one writes. */
export function CommandList({ id, commands, chosen, onChoose }: CommandListProps): ReactNode {
  const { t } = useSpeech();
  const list = useRef<HTMLUListElement>(null);
  const count = commands.length;
  useEffect(() => {
    if (count > 0) announce(t.chat.commandCount(count));
  }, [count, t]);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  if (count === 0) return null;
  return (
    <ul ref={list} id={id} role="listbox" aria-label={t.chat.commands} className="command-list">
      {commands.map(({ name, description }, index) => (
        <li
          key={name}
          id={commandOptionId(id, index)}
          role="option"
          aria-selected={index === chosen}
          onMouseDown={(event) => {
            event.preventDefault();
            onChoose(index);
          }}
        >
          <span className="command-name">/{name}</span>
          <span className="command-description">{description}</span>
        </li>
      ))}
    </ul>
  );
}
