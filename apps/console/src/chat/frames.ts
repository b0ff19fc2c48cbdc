/** A page nobody looks at draws no frames: what happens there is shown a few times a second. */
const hiddenMs = 250;

/** Runs once before the next frame is drawn. */
export function beforeNextFrame(run: () => void): void {
  if (document.visibilityState === "hidden") setTimeout(run, hiddenMs);
  else requestAnimationFrame(run);
}
