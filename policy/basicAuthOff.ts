import type { ResourceValidationPolicy } from "@pulumi/policy";
import { permit, type Exception } from "./exception.js";
import { isA, isProvider, peek, peekSetting, peekText } from "./resources.js";

/**
 * Forbids Basic authentication, both for the keys of the stack's accounts and for the stack's own login.
 *
 * @param exceptions `who` is the resource's name or the account's display name
 */
export function basicAuthOff(exceptions: readonly Exception[], asOf: () => Date): ResourceValidationPolicy {
  const objection = permit(exceptions, asOf);
  return {
    name: "dt-basic-auth-off",
    description: "Basic authentication sends the secret with every request, and is for prototypes only.",
    enforcementLevel: "mandatory",
    validateResource(resource, report) {
      const isOn = isA(resource, "ServiceAccount") && peek(resource, "enableBasicAuth") === true;
      const isUsed = isProvider(resource) && peekSetting(resource, "auth") === "basic";
      const against =
        isOn || isUsed ? objection(resource.name, peekText(resource, "displayName")) : undefined;
      if (against === undefined) return;
      const what = isOn
        ? `account "${resource.name}" has enableBasicAuth`
        : `"${resource.name}" logs in by it`;
      report(`${what}, and ${against}`);
    },
  };
}
