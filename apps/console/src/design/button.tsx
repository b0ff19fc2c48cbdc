import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { Icon, Spinner, type IconName } from "./icon.tsx";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: "plain" | "primary" | "quiet" | "danger";
  readonly icon?: IconName;
  readonly isBusy?: boolean;
  readonly reference?: Ref<HTMLButtonElement>;
}

/** A button with words. */
export function Button({
  look = "plain",
  icon,
  isBusy = false,
  reference,
  children,
  className = "",
  ...rest
}: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      {...rest}
      ref={reference}
      className={`button button-${look} ${className}`}
      aria-busy={isBusy || undefined}
      disabled={rest.disabled === true || isBusy}
    >
      {isBusy ? <Spinner /> : icon !== undefined && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: IconName;
  /** Read out, and shown when the pointer rests on it. */
  readonly label: string;
  readonly reference?: Ref<HTMLButtonElement>;
}

/** A button that is a drawing with a label. */
export function IconButton({ icon, label, reference, className = "", ...rest }: IconButtonProps): ReactNode {
  return (
    <button type="button" title={label} {...rest} ref={reference} aria-label={label} className={`icon-button ${className}`}>
      <Icon name={icon} />
    </button>
  );
}
