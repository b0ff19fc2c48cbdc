import type { MouseEvent as ReactMouseEvent, ReactNode, Ref } from "react";
import { createStore, type Store } from "../connection/store.ts";
import { useServices } from "./services.tsx";
import { addressOf, routeOf, type Route } from "./route.ts";

/** Goes to places and tells where one is. */
export interface Navigation {
  readonly route: Store<Route>;
  go(route: Route, how?: { readonly replace?: boolean }): void;
}

/** Keeps the address bar and the page together; the browser's buttons work. */
export function createNavigation(window: Window): Navigation {
  const route = createStore<Route>(routeOf(window.location));
  const read = (): void => route.set(routeOf(window.location));
  window.addEventListener("popstate", read);
  window.addEventListener("hashchange", read);
  return {
    route,
    go(next, { replace = false } = {}) {
      const address = addressOf(next);
      const { pathname, hash } = window.location;
      if (address === pathname + hash) return;
      if (replace) window.history.replaceState(null, "", address);
      else window.history.pushState(null, "", address);
      route.set(routeOf(window.location));
    },
  };
}

interface LinkProps {
  readonly to: Route;
  readonly className?: string | undefined;
  readonly children: ReactNode;
  readonly isCurrent?: boolean;
  readonly title?: string;
  readonly label?: string;
  readonly reference?: Ref<HTMLAnchorElement>;
}

/** A link to a place of the console; with a modifier key the browser does what it does with links. */
export function Link({ to, className, children, isCurrent = false, title, label, reference }: LinkProps): ReactNode {
  const { navigation } = useServices();
  const follow = (event: ReactMouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    navigation.go(to);
  };
  return (
    <a
      ref={reference}
      href={addressOf(to)}
      className={className}
      title={title}
      aria-label={label}
      aria-current={isCurrent ? "page" : undefined}
      onClick={follow}
    >
      {children}
    </a>
  );
}
