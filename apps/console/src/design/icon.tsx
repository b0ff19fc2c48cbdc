import type { ReactNode } from "react";

/** Drawn on a grid of 20 by 20, lines of 1.5. */
const shapes = {
  chat: "M3.5 9.8c0-3.3 2.9-5.8 6.5-5.8s6.5 2.5 6.5 5.8-2.9 5.8-6.5 5.8c-.8 0-1.6-.1-2.3-.4L4.2 16.5l1-2.9a5.5 5.5 0 0 1-1.7-3.8Z",
  plug: "M7 3v3.5M13 3v3.5M5 6.5h10v3a5 5 0 0 1-10 0v-3ZM10 14.5V17",
  paper: "m3 10 14-6.5-4.5 13.5-3-5.5L3 10ZM9.5 11.5 17 3.5",
  bell: "M5.5 8.5a4.5 4.5 0 0 1 9 0c0 4 1.5 5 1.5 5H4s1.5-1 1.5-5ZM8.5 16.3c.3.5.9.7 1.5.7s1.2-.2 1.5-.7",
  key: "M12.5 3.5a4 4 0 1 1-3.6 5.7L8 10v2H6v2H3.5v-2.5l5-5a4 4 0 0 1 4-3ZM13.3 6.7v.1",
  plus: "M10 4v12M4 10h12",
  edit: "M4 16l.8-3.2L13 4.6a1.4 1.4 0 0 1 2 0l.4.4a1.4 1.4 0 0 1 0 2L7.2 15.2 4 16ZM11.5 6l2.5 2.5",
  compose:
    "M9 4H5.5A1.5 1.5 0 0 0 4 5.5v9A1.5 1.5 0 0 0 5.5 16h9a1.5 1.5 0 0 0 1.5-1.5V11M8 12l.5-2.2 6.3-6.3a1.1 1.1 0 0 1 1.7 1.7l-6.3 6.3L8 12Z",
  search: "M9 4a5 5 0 1 1 0 10A5 5 0 0 1 9 4ZM12.7 12.7 16.5 16.5",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  trash: "M4 6h12M8 6V4.5h4V6M5.5 6l.7 9.5h7.6l.7-9.5M8.5 9v4M11.5 9v4",
  copy: "M7.5 7.5h8v8h-8zM12.5 7.5v-3h-8v8h3",
  check: "m4.5 10.5 3.5 3.5 7.5-8",
  close: "M5 5l10 10M15 5 5 15",
  menu: "M3.5 6h13M3.5 10h13M3.5 14h13",
  sidebar: "M3.5 4.5h13v11h-13zM8 4.5v11",
  up: "M10 16V4.5M5 9l5-5 5 5",
  down: "M10 4v11.5M5 11l5 5 5-5",
  right: "m8 5 5 5-5 5",
  left: "m12 5-5 5 5 5",
  chevron: "m5.5 8 4.5 4.5L14.5 8",
  stop: "M6.5 6.5h7v7h-7z",
  clip: "m15.5 9.5-5.7 5.7a3.3 3.3 0 0 1-4.7-4.7l6.2-6.2a2.2 2.2 0 0 1 3.2 3.2l-6 6a1.1 1.1 0 0 1-1.6-1.6l5.3-5.3",
  file: "M5.5 3.5h5.5l3.5 3.5v9.5h-9zM11 3.5V7h3.5",
  image: "M3.5 4.5h13v11h-13zM3.5 13l3.5-3.5 3 3 2-2 4.5 4.5M12.5 7.8v.1",
  sun: "M10 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM10 2.5v1.5M10 16v1.5M2.5 10H4M16 10h1.5M4.7 4.7l1 1M14.3 14.3l1 1M15.3 4.7l-1 1M5.7 14.3l-1 1",
  moon: "M16 11.5A6.5 6.5 0 0 1 8.5 4a6.5 6.5 0 1 0 7.5 7.5Z",
  screen: "M3 4.5h14v9H3zM7.5 16.5h5M10 13.5v3",
  globe: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM3 10h14M10 3c4 4.5 4 9.5 0 14-4-4.5-4-9.5 0-14Z",
  leave: "M8 4H4.5v12H8M12 6.5l3.5 3.5-3.5 3.5M15.5 10H8",
  keyboard: "M2.5 5.5h15v9h-15zM5.5 8.5h.01M8.5 8.5h.01M11.5 8.5h.01M14.5 8.5h.01M6.5 11.7h7",
  pause: "M7.5 5v10M12.5 5v10",
  play: "M6.5 4.5v11l9-5.5-9-5.5Z",
  again: "M15.5 10a5.5 5.5 0 1 1-1.7-4M15.5 3.5v3h-3",
  warning: "M10 4 2.8 16h14.4L10 4ZM10 8.5v3.5M10 14v.1",
  info: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM10 9.5v4M10 6.5v.1",
  clock: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM10 6v4.2l2.7 1.6",
  tool: "M12.3 3.6a4 4 0 0 0-3.6 5.8L3.8 14.2a1.4 1.4 0 0 0 2 2l4.8-4.9a4 4 0 0 0 5.6-4.7L13.8 9 11 8.2 10.6 6l1.7-2.4Z",
  spark: "M10 3c.6 4.3 2.7 6.4 7 7-4.3.6-6.4 2.7-7 7-.6-4.3-2.7-6.4-7-7 4.3-.6 6.4-2.7 7-7Z",
  inbox: "M3.5 11.5 5.5 4.5h9l2 7v4h-13zM3.5 11.5h4l1 2h3l1-2h4",
  question: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM8 8a2 2 0 1 1 2.8 1.9c-.5.2-.8.6-.8 1.1v.4M10 13.7v.1",
  dot: "M10 7.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z",
  user: "M10 3.5a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4ZM4 16.5c.6-3 3-4.5 6-4.5s5.4 1.5 6 4.5",
  shield: "M10 3 4.5 5v4.5c0 3.5 2.3 6 5.5 7.5 3.2-1.5 5.5-4 5.5-7.5V5L10 3ZM7.5 10l1.8 1.8 3.2-3.5",
  path: "M5 4.5v7a3 3 0 0 0 3 3h7M12.5 12l2.5 2.5-2.5 2.5M5 4.5h.01",
  bolt: "M11 3 4.5 11.5H9.5L9 17l6.5-8.5h-5L11 3Z",
} as const;

/** What icons there are. */
export type IconName = keyof typeof shapes;

/** A drawing beside words, or in a button that has a label: never the only thing that says something. */
export function Icon({ name, className = "" }: { readonly name: IconName; readonly className?: string }): ReactNode {
  return (
    <svg className={`icon icon-${name} ${className}`} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  );
}

/** Something goes on. */
export function Spinner({ className = "" }: { readonly className?: string }): ReactNode {
  return (
    <svg className={`icon spinner ${className}`} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <circle className="spinner-track" cx="10" cy="10" r="6.5" />
      <path d="M10 3.5a6.5 6.5 0 0 1 6.5 6.5" />
    </svg>
  );
}

/** The sign of Hermes: an H whose bar takes off. */
export function Logo(): ReactNode {
  return (
    <svg className="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect className="logo-ground" width="32" height="32" rx="9" />
      <path className="logo-line" d="M9.5 7.5v17M22.5 7.5v17M9.5 17.5c3-4 10-4 13 0" />
      <path className="logo-wing" d="M12.8 9.2c2.2.2 4.2 1 5.9 2.5" />
    </svg>
  );
}
