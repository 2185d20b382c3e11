import type { StackValidationPolicy } from "@pulumi/policy";
import { canonicalEmail } from "../provider/api/text/email.js";
import { isAccountEmail } from "../access/members.js";
import { isA, peekText, type Seen } from "./resources.js";

/**
 * If a stack declares administrators of an organization, at least two of them must be people: one person can leave or
 * lose a password.
 */
export function twoHumanAdmins(): StackValidationPolicy {
  return {
    name: "dt-two-human-organization-admins",
    description: "An organization has at least two people as administrators.",
    enforcementLevel: "mandatory",
    validateStack({ resources }, report) {
      for (const [organization, people] of peopleByOrganization(resources)) {
        if (people.size >= 2) continue;
        const present = people.size === 0 ? "nobody" : `only ${[...people].join()}`;
        report(
          `of people, this stack makes ${present} an administrator of ${organization}: at least two are needed`,
        );
      }
    },
  };
}

/** Groups the people by organization. Includes only organizations whose administrators this stack declares. */
function peopleByOrganization(resources: readonly Seen[]): Map<string, Set<string>> {
  const people = new Map<string, Set<string>>();
  for (const binding of resources) {
    if (!isA(binding, "OrgAdminBinding")) continue;
    const organization =
      peekText(binding, "organization")?.replace(/^organizations\//, "") ?? "an organization";
    const present = people.get(organization) ?? new Set<string>();
    const member = peekText(binding, "member");
    if (member !== undefined && !isAccountEmail(member)) present.add(canonicalEmail(member));
    people.set(organization, present);
  }
  return people;
}
