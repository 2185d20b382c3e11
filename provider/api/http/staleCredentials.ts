import type { Settings } from "./settings.js";

/** Why credentials that were refused may be old ones, and the way out; empty where Pulumi can't have kept them. */
export function staleCredentials({ isFromConfig, isExplicit }: Settings): string {
  if (isFromConfig) {
    return "plain `pulumi refresh` and `pulumi destroy` use the configuration of the last `pulumi up`: after a key rotation run `pulumi up` first, add --run-program, or set the environment variables";
  }
  return isExplicit
    ? "plain `pulumi refresh` and `pulumi destroy` use what the dt.Provider was given at the last `pulumi up`: after a key rotation run `pulumi up` first, or add --run-program"
    : "";
}
