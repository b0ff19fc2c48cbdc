import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

interface MessageScrollOptions {
  /** Of the first line: when it changes, something was put before it. */
  readonly firstName: string;
  /** How many messages of one's own are on their way: one more leads to the end. */
  readonly ownCount: number;
  /** Called when one reads near the beginning; undefined: nothing is before it. */
  readonly onTop: (() => void) | undefined;
}

interface MessageScroll {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  readonly isAtEnd: boolean;
  readonly toEnd: () => void;
}

const nearEndPixels = 64;
const nearTopPixels = 240;

/** Stays at the end while one reads there, and where one reads when something is put before it. */
export function useMessageScroll({ firstName, ownCount, onTop }: MessageScrollOptions): MessageScroll {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  const fromEnd = useRef(0);
  const top = useRef(onTop);
  const [isAtEnd, setAtEnd] = useState(true);

  const jump = useCallback(() => {
    const element = scroller.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  }, []);

  useEffect(() => {
    top.current = onTop;
  });

  useEffect(() => {
    const [element, column] = [scroller.current, content.current];
    if (element === null || column === null) return;
    const onScroll = (): void => {
      fromEnd.current = element.scrollHeight - element.scrollTop;
      sticks.current = fromEnd.current - element.clientHeight < nearEndPixels;
      setAtEnd(sticks.current);
      if (element.scrollTop < nearTopPixels) top.current?.();
    };
    const observer = new ResizeObserver(() => {
      if (sticks.current) jump();
      else onScroll();
    });
    observer.observe(column);
    observer.observe(element);
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  }, [jump]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    if (sticks.current) jump();
    else element.scrollTop = element.scrollHeight - fromEnd.current;
  }, [firstName, jump]);

  useLayoutEffect(() => {
    if (ownCount === 0) return;
    sticks.current = true;
    jump();
  }, [ownCount, jump]);

  const toEnd = (): void => {
    sticks.current = true;
    setAtEnd(true);
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight, behavior: "smooth" });
    scroller.current?.focus({ preventScroll: true });
  };
  return { scroller, content, isAtEnd, toEnd };
}
