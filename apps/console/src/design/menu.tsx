import { useId, useRef, type KeyboardEvent, type ReactNode } from "react";
import { moved } from "../chat/command-completion.ts";
import { Icon, type IconName } from "./icon.tsx";

/** One thing a menu offers. */
export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  readonly isDangerous?: boolean;
  readonly run: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly icon: IconName;
  readonly items: readonly MenuItem[];
  readonly className?: string;
}

/** A button that opens a short list of things to do. */
export function Menu({ label, icon, items, className = "" }: MenuProps): ReactNode {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const entries = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  const toggle = (isOpen: boolean): void => {
    button.current?.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return;
    place(list.current, button.current);
    entries()[0]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const all = entries();
    const at = all.findIndex((entry) => entry === document.activeElement);
    all[moved(at, event.key === "ArrowDown" ? 1 : -1, all.length)]?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={`icon-button ${className}`}
        popoverTarget={id}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded="false"
        title={label}
      >
        <Icon name={icon} />
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className="menu"
        onToggle={(event) => toggle(event.newState === "open")}
        onKeyDown={onKeyDown}
      >
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className="menu-item"
            data-danger={item.isDangerous}
            onClick={() => {
              list.current?.hidePopover();
              item.run();
            }}
          >
            <Icon name={item.icon} />
            {item.label}
          </button>
        ))}
      </div>
    </>
  );
}

/** Puts a popover below its button, or above it where there is no room. */
export function place(popover: HTMLElement | null, anchor: HTMLElement | null): void {
  if (popover === null || anchor === null) return;
  const at = anchor.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const margin = 8;
  const left = Math.max(margin, Math.min(at.left, window.innerWidth - width - margin));
  const below = at.bottom + 4;
  const top = below + height > window.innerHeight - margin ? Math.max(margin, at.top - height - 4) : below;
  popover.style.left = `${left}px`;
  popover.style.top = `${top}px`;
}
