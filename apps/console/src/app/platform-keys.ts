/** Whether the command key is the one people press, not Control. */
export function isMac(): boolean {
  return /mac|iphone|ipad/iu.test(navigator.platform);
}

/** How the key for commands is written. */
export function commandKey(): string {
  return isMac() ? "⌘" : "Ctrl";
}
