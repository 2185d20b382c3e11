import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { permit, type Exception } from "./exception.js";
import { isAccountEmail } from "../access/members.js";
import { isA, peekText } from "./resources.js";

/**
 * Forbids service accounts as administrators of an organization.
 *
 * @param exceptions `who` is the account's email or the binding's name
 */
export function noMachineAdmins(exceptions: readonly Exception[], asOf: () => Date): StackValidationPolicy {
  const objection = permit(exceptions, asOf);
  return {
    name: "dt-no-machine-organization-admins",
    description: "A service account that administers an organization reaches everything, present and future.",
    enforcementLevel: "mandatory",
    validateStack({ resources }, report) {
      for (const binding of resources) {
        if (!isA(binding, "OrgAdminBinding") || !givesToMachine(binding)) continue;
        const member = peekText(binding, "member");
        const against = objection(binding.name, member);
        if (against === undefined) continue;
        report(
          `"${binding.name}" makes ${member ?? "a service account of this stack"} an organization administrator, and ${against}`,
          binding.urn,
        );
      }
    },
  };
}

/** In the first preview, the email isn't known yet, but Pulumi knows which resource it comes from. */
function givesToMachine(binding: PolicyResource): boolean {
  const member = peekText(binding, "member");
  if (member !== undefined) return isAccountEmail(member);
  return (binding.propertyDependencies.member ?? []).some(
    (source) => isA(source, "ServiceAccount") || isA(source, "ServiceAccountKey"),
  );
}
