import type { ReactNode } from "react";
import { Icon, Spinner, type IconName } from "./icon.tsx";

/** How something is, as a colour. */
export type Tone = "neutral" | "good" | "warn" | "bad" | "info";

interface BadgeProps {
  readonly tone?: Tone;
  readonly icon?: IconName | "busy";
  readonly title?: string;
  readonly children: ReactNode;
}

/** A state in a word, with a drawing: the colour alone says nothing. */
export function Badge({ tone = "neutral", icon, title, children }: BadgeProps): ReactNode {
  return (
    <span className="badge" data-tone={tone} title={title}>
      {icon === "busy" ? <Spinner /> : icon !== undefined && <Icon name={icon} />}
      {children}
    </span>
  );
}
