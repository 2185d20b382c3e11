import type { ResourceValidationPolicy } from "@pulumi/policy";
import { canonicalEmail } from "../provider/api/text/email.js";
import { permit, type Exception } from "./exception.js";
import { externalTo } from "../access/members.js";
import { isA, peekText } from "./resources.js";

/**
 * People with an email in another domain need an exception.
 *
 * @param domains the company's own domains, such as `example.com`, which doesn't include its subdomains
 * @param exceptions `who` is the email
 */
export function externalPeople(
  domains: readonly string[],
  exceptions: readonly Exception[],
  asOf: () => Date,
): ResourceValidationPolicy {
  const isExternal = externalTo(domains);
  const objection = permit(exceptions, asOf);
  return {
    name: "dt-external-people",
    description: "People of other mail domains have access for a reason, and until a day.",
    enforcementLevel: "mandatory",
    validateResource(resource, report) {
      if (!isA(resource, "ProjectRoleBinding") && !isA(resource, "OrgAdminBinding")) return;
      const member = canonicalEmail(peekText(resource, "member") ?? "");
      if (!isExternal(member)) return;
      const against = objection(member);
      if (against !== undefined) report(`${member} is of another mail domain, and ${against}`);
    },
  };
}
