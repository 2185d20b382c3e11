import type { Api } from "../http/client.js";

const unsent = new WeakMap<Api, Map<string, Promise<unknown>>>();

/**
 * One look for many. Who asks before its first request is sent shares it; who asks later waits for the next one: so nobody is
 * told what was so before they asked.
 *
 * @param key what is looked at
 * @param look calls `onSend` as its first request goes out
 */
export function singleFlight<T>(api: Api, key: string, look: (onSend: () => void) => Promise<T>): Promise<T> {
  const looks = unsent.get(api) ?? new Map<string, Promise<unknown>>();
  unsent.set(api, looks);
  const waiting = looks.get(key) as Promise<T> | undefined;
  if (waiting !== undefined) return waiting;
  const closeDoor = (): void => {
    if (looks.get(key) === mine) looks.delete(key);
  };
  const mine = look(closeDoor).finally(closeDoor);
  looks.set(key, mine);
  return mine;
}
