import type { Settings } from "../api/http/settings.js";

/** A key and its predecessor. */
interface Pair {
  readonly keyId: string;
  readonly previousKeyId: string;
}

/** Whether the previous key must stay because this run logs in with it. */
export const isPreviousInUse = (
  { previousKeyId }: Pair,
  { allowLockout }: { readonly allowLockout?: true | undefined },
  settings: Settings,
): boolean => previousKeyId === settings.keyId && allowLockout !== true;

/** Says why the previous key stays, and what the user must do. */
export const whyPreviousStays = ({ previousKeyId, keyId }: Pair): string =>
  `key ${previousKeyId} is due to be deleted, but this run logs in with it: give DT_API_KEY_ID and DT_API_KEY_SECRET (or dt:keyId and dt:keySecret) the successor ${keyId}`;
