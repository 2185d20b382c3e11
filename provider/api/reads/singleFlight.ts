import type { Api } from "../http/client.js";

const unsent = new WeakMap<Api, Map<string, Promise<unknown>>>();

/**
 * Shares one lookup between callers. A caller that asks before the lookup's first request is sent shares it. A later
 * caller waits for the next lookup. So a caller never gets a result that is older than its question.
 *
 * @param key identifies the lookup
 * @param look calls `onSend` when its first request is sent
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
