import type { Settings } from "./settings.js";

/** Why refused credentials may be outdated, and what to do. Empty if Pulumi can't have stored them. */
export function staleCredentials({ isFromConfig, isExplicit }: Settings): string {
  if (isFromConfig) {
    return "plain `pulumi refresh` and `pulumi destroy` use the configuration of the last `pulumi up`: after a key rotation run `pulumi up` first, add --run-program, or set the environment variables";
  }
  return isExplicit
    ? "plain `pulumi refresh` and `pulumi destroy` use what the explicit provider was given at the last `pulumi up`: after a key rotation run `pulumi up` first, or add --run-program"
    : "";
}
